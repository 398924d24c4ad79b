import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {NonFiniteError, nearestNeighbourRadii} from '../../src/index.js'
import {nearestDistances} from '../../src/radii/nearest-distances.js'
import {backends, useBackend} from '../support/backends.js'
import {draws} from '../support/draw.js'
import {rejects} from '../support/rejects.js'
import {keepsTensors} from '../support/tensors.js'

interface Points {
  readonly values: Float32Array
  readonly count: number
  readonly size: number
}

const memory = 2 ** 26
const points = (rows: readonly ArrayLike<number>[]): Points => ({
  values: Float32Array.from(rows.flatMap((row) => Array.from(row))),
  count: rows.length,
  size: rows[0]!.length,
})

/** Every distance in plain loops, in float64. */
function slow(queries: Points, data: Points): Float64Array {
  const {size} = data
  return Float64Array.from({length: queries.count}, (_, q) => {
    let least = Number.POSITIVE_INFINITY
    for (let d = 0; d < data.count; d++) {
      let sum = 0
      for (let i = 0; i < size; i++) {
        sum += (queries.values[q * size + i]! - data.values[d * size + i]!) ** 2
      }
      if (sum > 0) least = Math.min(least, sum)
    }
    return Math.sqrt(least)
  })
}

for (const backend of backends) {
  const test = suite(`nearest points on ${backend}`)
  test.before(() => useBackend(backend))

  test('as in plain loops, to the last digit', async () => {
    const random = draws('nearest')
    for (const [count, size] of [
      [2, 1],
      [40, 3],
      [300, 70],
      [1500, 20],
    ] as const) {
      const data = points(Array.from({length: count}, () => random.normals(size)))
      const queries = points(Array.from({length: 30}, () => random.normals(size)))
      assert.equal(await nearestDistances(data, data, memory), slow(data, data))
      assert.equal(await nearestDistances(queries, data, memory), slow(queries, data))
    }
  })

  test('where the products cancel: far from 0, and close to each other', async () => {
    const random = draws('cancel')
    for (const [offset, spread] of [
      [1e4, 1],
      [1e6, 1],
      [3e3, 1e-2],
      [0, 1e-15],
    ] as const) {
      const row = () => random.normals(12).map((v) => offset + spread * v)
      const data = points(Array.from({length: 200}, row))
      assert.equal(await nearestDistances(data, data, memory), slow(data, data), `${offset}`)
    }
    // Two clusters far apart: what is nearest is decided by digits that products of their lengths lose.
    const cluster = (at: number) => () => random.normals(600).map((v) => at + 2e-4 * v)
    const data = points([
      ...Array.from({length: 80}, cluster(1)),
      ...Array.from({length: 80}, cluster(-1)),
    ])
    assert.equal(await nearestDistances(data, data, memory), slow(data, data))
  })

  test('copies are passed over, near copies are not', async () => {
    const data = points([
      [1, 1],
      [1, 1],
      [1, 1 + 2 ** -23],
      [1e4, 1],
      [1e4, 1],
    ])
    const found = await nearestDistances(data, data, memory)
    assert.equal(found, Float64Array.of(2 ** -23, 2 ** -23, 2 ** -23, 9999, 9999))
  })

  test('chunks of the data and of the queries change nothing', async () => {
    const random = draws('chunks')
    const data = points(Array.from({length: 1100}, () => random.normals(6)))
    assert.equal(await nearestDistances(data, data, 2 ** 20), slow(data, data))
  })

  test('radii of a tensor or arrays of any shape', async () => {
    const rows = [
      [0, 0],
      [3, 4],
      [3, 5],
    ]
    const expected = Float64Array.of(2.5, 0.5, 0.5)
    assert.equal(await nearestNeighbourRadii(rows, 0.5), expected)
    assert.equal(
      await nearestNeighbourRadii(
        rows.map((row) => [row]),
        0.5,
      ),
      expected,
    )
    const tensor = tf.tensor3d(rows.flat(), [3, 1, 2])
    assert.equal(await keepsTensors(() => nearestNeighbourRadii(tensor, 0.5)), expected)
    assert.equal(await nearestNeighbourRadii(rows), Float64Array.of(5, 1, 1))
    tensor.dispose()
  })

  test('what is wrong is named, and no tensor is left behind', () =>
    keepsTensors(async () => {
      for (const factor of [0, -1, Number.NaN, Infinity, '1']) {
        await rejects(
          nearestNeighbourRadii([[0], [1]], factor as number),
          `factor: expected a finite number above 0, got ${factor}`,
        )
      }
      const same = 'points: expected at least two that differ'
      await rejects(nearestNeighbourRadii([[1, 2]]), same)
      await rejects(
        nearestNeighbourRadii([
          [1, 2],
          [1, 2],
        ]),
        same,
      )
      await rejects(nearestNeighbourRadii([]), 'points: expected at least one point')
      await rejects(
        nearestNeighbourRadii([[1], [1, 2]]),
        'points: expected arrays of equal lengths',
      )
      await rejects(nearestNeighbourRadii([[1], [2]], 1, {memory: 1}), 'memory: expected at least')
      const error = await rejects(nearestNeighbourRadii([[1], [Number.NaN]]), 'points: expected')
      assert.instance(error, NonFiniteError)
    }))

  test.run()
}
