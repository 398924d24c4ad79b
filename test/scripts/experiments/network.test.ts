import type * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {buildMlp} from '../../../scripts/experiments/network.js'

const test = suite('buildMlp')
const options = {inputs: 784, width: 128, depth: 3, classes: 10}
const weights = (model: tf.LayersModel) =>
  model.getWeights().map((weight) => weight.dataSync() as Float32Array)

test('784-128-128-128-10, ReLU, softmax', () => {
  const model = buildMlp({...options, seed: 1})
  assert.equal(
    model.layers.map(({outputShape}) => outputShape),
    [
      [null, 128],
      [null, 128],
      [null, 128],
      [null, 10],
    ],
  )
  assert.is(model.countParams(), 784 * 128 + 128 + 2 * (128 * 128 + 128) + 128 * 10 + 10)
})

test('the weights depend on the seed alone, and differ between layers', () => {
  const first = weights(buildMlp({...options, seed: 1}))
  assert.equal(weights(buildMlp({...options, seed: 1})), first)
  assert.not.equal(weights(buildMlp({...options, seed: 2})), first)
  assert.not.equal(first[2], first[4])
})

test('the weights have the variance of He et al.: 2 / inputs, cut off at two deviations', () => {
  const [kernel, bias] = weights(buildMlp({...options, seed: 3}))
  const variance = kernel!.reduce((sum, weight) => sum + weight * weight, 0) / kernel!.length
  const cutOff = 0.774
  assert.ok(Math.abs(variance / ((2 / 784) * cutOff) - 1) < 0.02, `${variance}`)
  assert.ok(bias!.every((value) => value === 0))
})

test.run()
