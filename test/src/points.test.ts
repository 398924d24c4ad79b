import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {NonFiniteError} from '../../src/errors.js'
import {type PointsLike, readPoints} from '../../src/points.js'
import {useBackend} from '../support/backends.js'
import {rejects} from '../support/rejects.js'
import {keepsTensors} from '../support/tensors.js'

const test = suite('readPoints')
test.before(() => useBackend('cpu'))

const read = (points: unknown, inputShape: number[] = [2]) =>
  readPoints('points', points as PointsLike, inputShape)

test('nested arrays, typed rows and tensors are the same points', async () => {
  const tensor = tf.tensor2d([
    [1, 2],
    [3, 4],
    [5, 6],
  ])
  const whole = tensor.toInt()
  const rows = [Float32Array.of(1, 2), Float64Array.of(3, 4), [5, 6]]
  const nested = [
    [1, 2],
    [3, 4],
    [5, 6],
  ]
  for (const points of [nested, rows, tensor, whole]) {
    const {values, count, size} = await keepsTensors(() => read(points))
    assert.equal([...values], [1, 2, 3, 4, 5, 6])
    assert.equal([count, size], [3, 2])
  }
  tf.dispose([tensor, whole])
})

test('the input shape, or the points flattened', async () => {
  const square = [
    [
      [1, 2],
      [3, 4],
    ],
  ]
  for (const points of [square, [[1, 2, 3, 4]]]) {
    const {values, count, size} = await read(points, [2, 2])
    assert.equal([...values, count, size], [1, 2, 3, 4, 1, 4])
  }
})

test('the points given are left as they are', async () => {
  const tensor = tf.tensor2d([[1, 2]])
  const {values} = await read(tensor)
  values[0] = 9
  assert.equal([...(await tensor.data())], [1, 2])
  tensor.dispose()
})

test('another shape is refused, with the shape given and the one expected', async () => {
  const shapes: [unknown, number[], string][] = [
    [
      [[1, 2, 3]],
      [2],
      'points: expected at least one point of shape [points, 2], got shape [1, 3]',
    ],
    [[1, 2], [2], 'got shape [2]'],
    [[], [2], 'got shape [0]'],
    [[[]], [2], 'got shape [1, 0]'],
    [[[[1, 2]]], [2], 'got shape [1, 1, 2]'],
    [[[[1], [2]]], [2, 2], 'of shape [points, 2, 2], got shape [1, 2, 1]'],
    [tf.zeros([0, 2]), [2], 'got shape [0, 2]'],
    [tf.zeros([2]), [2], 'got shape [2]'],
    [tf.scalar(1), [2], 'got shape []'],
  ]
  for (const [points, inputShape, message] of shapes) {
    const error = await rejects(read(points, inputShape), message)
    assert.instance(error, RangeError)
  }
})

test('ragged arrays are refused', async () => {
  for (const points of [
    [[1, 2], [3]],
    [[1], [2, 3]],
    [1, [2]],
    [[1], 2],
    [
      [1, [2]],
      [3, 4],
    ],
  ]) {
    await rejects(read(points), 'points: expected arrays of equal lengths')
  }
})

test('what is no number is refused', async () => {
  for (const points of [null, undefined, 7, 'points', {}, [[1, '2']], [[1, null]], [[1, true]]]) {
    await rejects(read(points), 'points: expected')
  }
})

test('NaN and infinite features are refused, with their place and the option', async () => {
  const points = [
    [1, 2],
    [3, Number.NaN],
  ]
  const message = 'points: expected finite numbers, got NaN at point 1, feature 1'
  assert.instance(await rejects(read(points), message), NonFiniteError)
  await rejects(read([[1e300, 0]]), 'got Infinity at point 0, feature 0')
  await rejects(readPoints('centers', [[0, -Infinity]], [2]), 'centers: ')
})

test.run()
