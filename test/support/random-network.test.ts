import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {useBackend} from './backends.js'
import {layerTypes} from './layer-types.js'
import {near} from './near.js'
import {evaluate} from './network64.js'
import {forRandomNetworks} from './random-network.js'
import {randomPoints} from './samples.js'

const test = suite('random networks')
test.before(() => useBackend('cpu'))

test('both forms of a network are the same function', async () => {
  const seen = new Set<string>()
  await forRandomNetworks(250, {}, async ({model, network64, inputShape, ...network}, random) => {
    for (const name of network.description.split(' ').slice(1)) seen.add(name)
    const points = randomPoints(random, 3, network.inputSize)
    const predicted = tf.tidy(() => {
      const input = tf.tensor2d(points).reshape([3, ...inputShape])
      return (model.predict(input) as tf.Tensor).dataSync()
    })
    const expected = points.flatMap((x) => evaluate(network64, x).output.map((row) => row[0]!))
    near(predicted, expected, {relative: 1e-4, scale: 1})
  })
  assert.equal([...seen].sort(), Object.keys(layerTypes).sort(), 'every type of layer is drawn')
})

test.run()
