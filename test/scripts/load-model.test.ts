import {readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {loadModel} from '../../scripts/load-model.js'
import {temporaryFolder} from '../support/folder.js'
import {rejects} from '../support/rejects.js'
import {saveModel} from './save-model.js'

const test = suite('loadModel')

const functional = () => {
  const input = tf.input({shape: [3]})
  const hidden = tf.layers.dense({units: 4, activation: 'relu'}).apply(input)
  const normal = tf.layers.batchNormalization().apply(hidden)
  return tf.model({
    inputs: input,
    outputs: tf.layers.dense({units: 2}).apply(normal) as tf.SymbolicTensor,
  })
}
const sequential = () =>
  tf.sequential({
    layers: [tf.layers.dense({units: 4, inputShape: [3]}), tf.layers.dense({units: 2})],
  })

for (const [kind, build] of [
  ['sequential', sequential],
  ['functional', functional],
] as const) {
  test(`a ${kind} model gives the same outputs, from its folder or its file`, async () => {
    const folder = join(temporaryFolder(), 'model')
    const model = build()
    await saveModel(model, folder)
    const points = tf.tensor2d([
      [1, 2, 3],
      [-1, 0.5, 2],
    ])
    const expected = (model.predict(points) as tf.Tensor).dataSync()
    for (const path of [folder, join(folder, 'model.json')]) {
      const loaded = await loadModel(path)
      assert.equal((loaded.predict(points) as tf.Tensor).dataSync(), expected)
    }
  })
}

test('what cannot be loaded is named, with the reason', async () => {
  const folder = join(temporaryFolder(), 'model')
  await rejects(
    loadModel(folder),
    /^model: expected a model\.json or its folder, got ".*model", which has none$/,
  )
  await saveModel(sequential(), folder)
  const file = join(folder, 'model.json')
  const good = readFileSync(file, 'utf8')
  const weights = readFileSync(join(folder, 'weights-2.bin'))
  const with_ = (changes: object) =>
    writeFileSync(file, JSON.stringify({...JSON.parse(good), ...changes}))

  writeFileSync(join(folder, 'weights-2.bin'), weights.subarray(4))
  await rejects(loadModel(folder), /model\.json: expected 104 bytes of weights, got 100 in /)
  rmSync(join(folder, 'weights-2.bin'))
  await rejects(
    loadModel(folder),
    /weights-2\.bin: expected a file of weights, which is not there$/,
  )
  writeFileSync(join(folder, 'weights-2.bin'), weights)

  writeFileSync(file, '{"half')
  await rejects(loadModel(folder), /model\.json: expected JSON \(/)
  with_({format: 'graph-model'})
  await rejects(
    loadModel(folder),
    /expected a layers model, got a graph-model, which has no layers/,
  )
  with_({weightsManifest: undefined})
  await rejects(loadModel(folder), /expected modelTopology and weightsManifest/)
  with_({modelTopology: {class_name: 'Nonsense', config: {}}})
  await rejects(loadModel(folder), /model\.json: cannot be loaded as a layers model \(/)
})

test.run()
