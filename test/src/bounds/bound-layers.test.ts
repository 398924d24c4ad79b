import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {preactivationBounds, readNetwork, sphereBound} from '../../../src/index.js'
import {methods} from '../../../src/options.js'
import {backends, useBackend} from '../../support/backends.js'

/** One unit a layer. The first two are off, so that the later ones stand still whatever the weights. */
function huge(): tf.LayersModel {
  const {constant} = tf.initializers
  const unit = (weight: number, bias: number, options = {}) =>
    tf.layers.dense({
      units: 1,
      activation: 'relu',
      kernelInitializer: constant({value: weight}),
      biasInitializer: constant({value: bias}),
      ...options,
    })
  const first = unit(1e25, -1e25, {inputShape: [1]})
  return tf.sequential({layers: [first, unit(1e25, -1), unit(1, -1), unit(1, -1)]})
}

for (const backend of backends) {
  const test = suite(`bounds of layers on ${backend}`)
  test.before(() => useBackend(backend))

  for (const method of methods) {
    test(`${method}: where a reach leaves float32, bounds stay numbers that hold`, async () => {
      const model = huge()
      const center = tf.tensor2d([[-1]])
      const network = readNetwork(model)
      const {lower, upper} = await preactivationBounds(network, center, 0.01, {method})
      const values = [-2e25, -1, -1, -1]
      values.forEach((value, layer) => {
        const bounds = `layer ${layer}: [${lower[layer]}, ${upper[layer]}]`
        assert.ok(lower[layer]![0]! <= value && value <= upper[layer]![0]!, bounds)
      })
      const {unstable} = await sphereBound(network, center, 0.01, {method})
      // What may be above 0 is not decided.
      upper.forEach((own, layer) => {
        assert.is(unstable[layer]![0], own[0]! > 0 ? 1 : 0, `layer ${layer}`)
      })
      tf.dispose(center)
      model.dispose()
    })
  }

  test.run()
}
