import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {readNetwork, UnsupportedLayerError} from '../../../src/index.js'
import {useBackend} from '../../support/backends.js'
import {draws} from '../../support/draw.js'
import {near} from '../../support/near.js'
import {preActivationsOf} from '../../support/run-forward.js'

const test = suite('BatchNormalization')
const {layers} = tf
test.before(() => useBackend('cpu'))

type Normalization = NonNullable<Parameters<typeof layers.batchNormalization>[0]>

/** Random moving averages and, where it has them, gamma and beta. */
function normalization(shape: number[], options: Normalization = {}, inputShape?: number[]) {
  const random = draws(`batch normalization ${shape}`)
  const channels = shape.at(-1)!
  const values = (low: number, high: number) =>
    tf.tensor1d(Array.from({length: channels}, () => random.between(low, high)))
  const {scale = true, center = true} = options
  const weights = [
    ...(scale ? [values(-2, 2)] : []),
    ...(center ? [values(-1, 1)] : []),
    values(-1, 1),
    values(0.1, 3),
  ]
  return layers.batchNormalization({...options, weights, ...(inputShape && {inputShape})})
}

/** relu of what is measured against what the model predicts; the last layer is the kinked one. */
async function predictsTheSame(model: tf.Sequential): Promise<void> {
  const shape = model.inputs[0]!.shape.slice(1) as number[]
  const points = tf.randomNormal([5, ...shape], 0, 2, 'float32', 4)
  const found = await preActivationsOf(model, points)
  const expected = model.predict(points) as tf.Tensor
  const last = found.at(-1)!.map((z) => Math.max(z, 0))
  near(last, await expected.data(), {relative: 1e-5, scale: 1})
  tf.dispose([points, expected])
  model.dispose()
}

const sequential = (...all: tf.layers.Layer[]) => tf.sequential({layers: all})
const relu = () => layers.reLU()
const dense = (units: number, more: object = {}) =>
  layers.dense({units, biasInitializer: 'randomNormal', ...more})

test('on the input, before a dense layer', () =>
  predictsTheSame(sequential(normalization([4], {}, [4]), dense(6), relu())))

test('straight before a kink', () =>
  predictsTheSame(sequential(normalization([4], {}, [4]), relu())))

test('after a dense layer', () =>
  predictsTheSame(sequential(dense(5, {inputShape: [3]}), normalization([5]), relu())))

test('after a relu, and before a dense layer again', () =>
  predictsTheSame(
    sequential(
      dense(5, {inputShape: [3], activation: 'relu'}),
      normalization([5]),
      dense(4),
      relu(),
    ),
  ))

test('one after the other', () =>
  predictsTheSame(
    sequential(
      normalization([3], {}, [3]),
      normalization([3]),
      dense(4),
      normalization([4]),
      relu(),
    ),
  ))

test('without gamma, without beta, without either, with another epsilon', async () => {
  for (const options of [
    {scale: false},
    {center: false},
    {scale: false, center: false},
    {epsilon: 0.5},
  ]) {
    await predictsTheSame(
      sequential(dense(5, {inputShape: [3]}), normalization([5], options), relu()),
    )
  }
})

test('over the last axis of a larger shape', () =>
  predictsTheSame(
    sequential(normalization([2, 3, 4], {}, [2, 3, 4]), layers.flatten(), dense(5), relu()),
  ))

test('the last axis by its number', () =>
  predictsTheSame(
    sequential(normalization([3, 4], {axis: 2}, [3, 4]), layers.flatten(), dense(5), relu()),
  ))

test('any other axis is refused', () => {
  const model = sequential(
    layers.batchNormalization({axis: 1, inputShape: [3, 4], name: 'x'}),
    layers.flatten(),
    dense(2, {activation: 'relu'}),
  )
  assert.throws(() => readNetwork(model), /layer "x" \(BatchNormalization\): .* got axis 1/)
  try {
    readNetwork(model)
  } catch (error) {
    assert.instance(error, UnsupportedLayerError)
  }
})

test.run()
