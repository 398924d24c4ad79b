import * as tf from '@tensorflow/tfjs'
import {test} from 'uvu'
import * as assert from 'uvu/assert'
import {linearRegionMonitor, type MonitorOptions} from '../../callbacks/index.js'
import {backends, useBackend} from '../support/backends.js'
import {memoryLog, smallData, withSeededRandom} from './fixture.js'

/** Everything that draws random numbers or keeps a state of its own. */
function modelWithState(): tf.LayersModel {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({inputShape: [4], units: 8, activation: 'relu'}),
      tf.layers.batchNormalization(),
      tf.layers.dropout({rate: 0.3}),
      tf.layers.dense({units: 6, activation: 'relu'}),
      tf.layers.dense({units: 3, activation: 'softmax'}),
    ],
  })
  model.compile({optimizer: tf.train.adam(0.01), loss: 'categoricalCrossentropy', metrics: ['acc']})
  return model
}

/** Losses and weights of a training whose every random number comes from one seed. */
function trained(options?: Partial<MonitorOptions>) {
  return withSeededRandom('training', async () => {
    const {xs, ys, labels} = smallData()
    const model = modelWithState()
    const log = memoryLog()
    const callbacks = options
      ? [
          linearRegionMonitor({
            data: xs,
            labels,
            testData: xs,
            database: log,
            points: 5,
            ...options,
          }),
        ]
      : []
    const {history} = await model.fit(xs, ys, {
      epochs: 4,
      batchSize: 5,
      shuffle: true,
      validationSplit: 0.2,
      verbose: 0,
      callbacks,
    })
    const weights = await Promise.all(model.getWeights().map((weight) => weight.data()))
    return {outcome: {history, weights: weights.map((weight) => [...weight])}, log}
  })
}

for (const backend of backends)
  test(`losses and weights are the same bits with and without the callback (${backend})`, async () => {
    await useBackend(backend)
    const plain = await trained()
    const all: Partial<MonitorOptions> = {
      groups: [
        ...(['train', 'uniform', 'gaussian', 'shuffled', 'test', 'adversarial'] as const),
        {name: 'trigger', size: 1},
      ],
      radii: [0.1, 'median-pair*0.01', 'nearest*0.5'],
      methods: ['spectral', 'interval', 'crown', 'combined'],
    }
    for (const options of [{}, {...all, every: {batches: 1}}]) {
      const {outcome, log} = await trained(options)
      assert.ok(log.snapshots.length > 4)
      assert.ok(log.snapshots.every(({status}) => status === 'complete'))
      assert.equal(outcome, plain.outcome)
    }
  })

test('the comparison would notice one random number more', async () => {
  await tf.setBackend('cpu')
  const own = {name: 'own', unit: 'one', measure: () => Array.from({length: 10}, Math.random)}
  const [plain, other] = [await trained(), await trained({measures: [own]})]
  assert.not.equal(other.outcome, plain.outcome)
})

test.run()
