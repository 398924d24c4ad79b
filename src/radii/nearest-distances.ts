import {getBackend, matMul, type Tensor, type Tensor2D, tensor2d, tidy} from '@tensorflow/tfjs'
import {readOne} from '../common/read-out.js'
import {float32Roundoff, roundingFactor, roundoffOfBackend} from '../forward/rounding.js'
import type {Points} from '../points.js'

/** Queries that share a pass over the data. */
const queriesAtOnce = 512

/**
 * The Euclidean distance from each query to the nearest point of the data that lies elsewhere: points at distance 0,
 * the query itself and its copies, are passed over. Infinity where there is no other.
 *
 * |a - b|^2 = |a|^2 - 2 a b + |b|^2 cancels, so the products of the backend, of points less the data's mean, only choose
 * candidates: every point that could be the nearest within rounding. Among these the distance is found in float64. Plain
 * JavaScript multiplies no faster than it compares, so on that backend every point is a candidate.
 *
 * @param memory limit for working tensors in bytes
 */
export async function nearestDistances(
  queries: Points,
  data: Points,
  memory: number,
): Promise<Float64Array> {
  const distances = new Float64Array(queries.count)
  const estimate = getBackend() === 'cpu' ? undefined : await estimator(data, memory)
  for (let start = 0; start < queries.count; start += queriesAtOnce) {
    const some = slice(queries, start, Math.min(queries.count, start + queriesAtOnce))
    const candidates = await estimate?.(some)
    for (let query = 0; query < some.count; query++) {
      distances[start + query] = nearest(some, query, data, candidates?.[query])
    }
  }
  return distances
}

/** Points of the data that could be a query's nearest, in the order of the data. */
type Candidates = readonly number[]

/** Makes ready to choose the candidates of queries. */
async function estimator(data: Points, memory: number) {
  const mean = meanOf(data)
  const factor = roundingFactor(data.size, await roundoffOfBackend())
  // Points, their copy on the backend, and the products with each query, there and here.
  const rows = Math.max(1, Math.floor(memory / (8 * (data.size + queriesAtOnce))))

  return async (queries: Points): Promise<Candidates[]> => {
    const {count} = queries
    const a = centered(queries, mean)
    const found = Array.from({length: count}, () => new ClosestSoFar())
    // With the queries as columns no backend has to transpose the data.
    const columns = tidy(() => tensor2d(a.values, [count, data.size]).transpose())
    try {
      for (let start = 0; start < data.count; start += rows) {
        const chunk = slice(data, start, Math.min(data.count, start + rows))
        const b = centered(chunk, mean)
        const products = await productsOf(b.values, columns)
        for (let k = 0; k < chunk.count; k++) {
          const other = b.lengths[k]!
          for (let query = 0; query < count; query++) {
            const own = a.lengths[query]!
            const square = own * own - 2 * products[k * count + query]! + other * other
            const error = 2 * factor * own * other + 4 * float32Roundoff * (own + other) ** 2
            found[query]!.add(start + k, square - error, square + error)
          }
        }
      }
    } finally {
      columns.dispose()
    }
    return found.map((closest) => closest.candidates())
  }
}

async function productsOf(rows: Float32Array, columns: Tensor): Promise<Float32Array> {
  const [size] = columns.shape as [number, number]
  const product = tidy(() =>
    matMul(tensor2d(rows, [rows.length / size, size]), columns as Tensor2D),
  )
  return readOne(product)
}

/** The points that can be the closest, of points whose squared distances are known within limits. */
class ClosestSoFar {
  readonly #points: number[] = []
  readonly #least: number[] = []
  #limit = Number.POSITIVE_INFINITY

  add(point: number, least: number, most: number): void {
    if (least > this.#limit) return
    this.#points.push(point)
    this.#least.push(least)
    // What may be a copy sets no limit.
    if (least > 0 && most < this.#limit) this.#limit = most
  }

  candidates(): number[] {
    return this.#points.filter((_, k) => this.#least[k]! <= this.#limit)
  }
}

/** Asking whether a sum is too large already costs as much as some additions. */
const block = 32

function nearest(
  queries: Points,
  query: number,
  {values, count, size}: Points,
  candidates: Candidates | undefined,
): number {
  const point = queries.values.subarray(query * size, (query + 1) * size)
  let best = Number.POSITIVE_INFINITY
  const look = (index: number) => {
    const start = index * size
    let sum = 0
    for (let from = 0; from < size && sum < best; from += block) {
      const end = Math.min(size, from + block)
      for (let i = from; i < end; i++) {
        const difference = point[i]! - values[start + i]!
        sum += difference * difference
      }
    }
    if (sum > 0 && sum < best) best = sum
  }
  if (candidates) candidates.forEach(look)
  else for (let index = 0; index < count; index++) look(index)
  return Math.sqrt(best)
}

function meanOf({values, count, size}: Points): Float64Array {
  const sums = new Float64Array(size)
  for (let point = 0; point < count; point++) {
    for (let i = 0; i < size; i++) sums[i]! += values[point * size + i]!
  }
  return sums.map((sum) => sum / count)
}

/** Points less the mean, and how long they are. */
function centered({values, count, size}: Points, mean: Float64Array) {
  const moved = new Float32Array(values.length)
  const lengths = new Float64Array(count)
  for (let point = 0; point < count; point++) {
    let squares = 0
    for (let i = 0, at = point * size; i < size; i++, at++) {
      moved[at] = values[at]! - mean[i]!
      squares += moved[at]! ** 2
    }
    lengths[point] = Math.sqrt(squares)
  }
  return {values: moved, lengths}
}

function slice({values, size}: Points, start: number, end: number): Points {
  return {values: values.subarray(start * size, end * size), count: end - start, size}
}
