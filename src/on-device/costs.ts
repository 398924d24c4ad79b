import {add, dispose, matMul, randomUniform, type Tensor2D, tensor2d} from '@tensorflow/tfjs'
import {oncePerBackend} from '../common/once-per-backend.js'
import {readOne} from '../common/read-out.js'

/** What decides whether reading back is worth it, in milliseconds on the active backend. */
export interface Costs {
  /** What an operation takes longer where its result is read and uploaded again; 0: that is no round trip. */
  readonly wait: number
  /** An operation that computes next to nothing. */
  readonly operation: number
  /** A multiply-add of a product of matrices; 0 where `wait` is. */
  readonly multiplyAdd: number
}

/** Operations that are timed together. */
const operations = 8

/** A wait of fewer operations is no round trip: the CPU computes each before the next begins, and reading is copying. */
const leastWait = 6

/** Rows and columns of what is read, too many for backends that compute small things on the host, and of the products. */
const [small, large] = [64, 512]

const known = oncePerBackend(measureCosts)

/**
 * The costs of the active backend, measured once in some milliseconds: a few numbers are added, read back and uploaded,
 * several times one after the other, against the same with one reading at the end, the least of several runs each; then,
 * where that is longer, products of matrices with one reading at the end, a median.
 *
 * ```ts
 * const {wait, operation} = await deviceCosts()  //-> {wait: 0, ...} on a CPU
 * ```
 */
export const deviceCosts = (): Promise<Costs> => known.ask()

/** Takes costs for the active backend's from now on, in place of what was or would be measured; a test needs no clock then. */
export const assumeCosts = (costs: Costs | undefined): void => known.assume(costs)

async function measureCosts(): Promise<Costs> {
  const apart = () => addUp(true)
  const together = () => addUp(false)
  await apart()
  const [once, each]: [number[], number[]] = [[], []]
  for (let run = 0; run < 9; run++) {
    once.push(await timeOf(together))
    each.push(await timeOf(apart))
  }
  // The least: whatever else runs on the machine only adds.
  const least = Math.min(...once)
  const wait = Math.max(0, (Math.min(...each) - least) / (operations - 1))
  const operation = Math.max(0, least - wait) / operations
  if (wait < leastWait * operation) return {wait: 0, operation, multiplyAdd: 0}
  await multiply()
  const products = []
  for (let run = 0; run < 5; run++) products.push(await timeOf(multiply))
  const product = Math.max(0, median(products) - wait) / operations
  return {wait, operation, multiplyAdd: product / large ** 3}
}

/** Adds numbers up: each sum is read back and uploaded again, or the last one alone is read. */
async function addUp(reading: boolean): Promise<void> {
  const shape = [small, small] as [number, number]
  const ones = tensor2d(new Float32Array(small * small).fill(1), shape)
  let sum = ones
  try {
    for (let k = 1; k <= operations; k++) {
      const next = add(sum, ones) as Tensor2D
      if (sum !== ones) sum.dispose()
      sum = next
      if (!reading && k < operations) continue
      const values = await readOne(sum)
      if (k < operations) sum = tensor2d(values, shape)
    }
  } finally {
    ones.dispose()
  }
}

async function multiply(): Promise<void> {
  const matrix = randomUniform([large, large], -1, 1, 'float32', 1) as Tensor2D
  let product = matrix
  for (let k = 0; k < operations; k++) {
    const before = product
    product = matMul(before, matrix)
    if (before !== matrix) before.dispose()
  }
  const corner = product.slice([0, 0], [1, 1])
  dispose([matrix, product])
  await readOne(corner)
}

async function timeOf(run: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await run()
  return performance.now() - start
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!
}
