import {createRequire} from 'node:module'
import * as tf from '@tensorflow/tfjs'
import {test} from 'uvu'
import * as assert from 'uvu/assert'
import {linearRegionMonitor, type MonitorOptions} from '../../callbacks/index.js'
import {rejects} from '../support/rejects.js'
import {keepsTensors} from '../support/tensors.js'
import {memoryLog, smallData, smallModel} from './fixture.js'

// a second copy of the layers package, as two versions in one project have it
const load = createRequire(import.meta.url)
const file = load.resolve('@tensorflow/tfjs-layers')
load('@tensorflow/tfjs-layers')
delete load.cache[file]
const other: Pick<typeof tf, 'callbacks' | 'layers' | 'sequential' | 'CustomCallback'> = load(file)

const {xs, ys, values} = smallData()
const watch = (options: Partial<MonitorOptions> = {}) => {
  const log = memoryLog()
  const small = {points: 3, radii: [0.1], methods: ['interval']} as const
  return {log, monitor: linearRegionMonitor({data: xs, database: log, ...small, ...options})}
}
const train = (model: tf.LayersModel, callbacks: unknown) =>
  keepsTensors(() =>
    model
      .fit(xs, ys, {epochs: 2, batchSize: 8, verbose: 0, callbacks: callbacks as []})
      .then(() => undefined),
  )
const steps = (log: ReturnType<typeof memoryLog>) => log.snapshots.map(({step}) => step)

let models = 0

/** Both copies count the names of layers, which must be distinct in the one engine they share. */
function modelOfOther(): tf.LayersModel {
  const name = `other${models++}`
  const model = other.sequential({
    layers: [
      other.layers.dense({name, inputShape: [4], units: 6, activation: 'relu'}),
      other.layers.dense({name: `${name}-output`, units: 3, activation: 'softmax'}),
    ],
  })
  model.compile({optimizer: 'sgd', loss: 'categoricalCrossentropy'})
  return model
}

test('the second copy is another one', () => {
  assert.not(modelOfOther() instanceof tf.LayersModel)
})

class Seen extends tf.Callback {}
const plain = {onEpochEnd: () => undefined}

for (const every of [1, {batches: 3}]) {
  const schedule = JSON.stringify(every)

  for (const [name, around] of [
    ['alone', (monitor: unknown) => monitor],
    ['in an array', (monitor: unknown) => [monitor]],
    ['before a callback', (monitor: unknown) => [monitor, new Seen()]],
    ['after a callback', (monitor: unknown) => [new Seen(), monitor]],
    [
      'after early stopping',
      (monitor: unknown) => [tf.callbacks.earlyStopping({monitor: 'loss', patience: 9}), monitor],
    ],
    ['after a CustomCallback', (monitor: unknown) => [new tf.CustomCallback(plain), monitor]],
  ] as const)
    test(`${name}, the model is taken from fit (every ${schedule})`, async () => {
      const {log, monitor} = watch({every})
      await train(smallModel(), around(monitor))
      assert.equal(steps(log), [0, 3, 6])
      assert.ok(log.snapshots.slice(1).every(({loss}) => typeof loss === 'number'))
    })

  test(`after a plain object, which wraps it, the model is an option (every ${schedule})`, async () => {
    const model = smallModel()
    const {log, monitor} = watch({every, model})
    await train(model, [plain, monitor])
    assert.equal(steps(log), [0, 3, 6])
    assert.ok(log.snapshots.slice(1).every(({loss}) => typeof loss === 'number'))
  })

  test(`with a model of another copy, the model is an option (every ${schedule})`, async () => {
    const model = modelOfOther()
    const {log, monitor} = watch({every, model})
    await train(model, [monitor])
    assert.equal(steps(log), [0, 3, 6])
  })

  test(`after a callback of another copy, the model is taken from fit (every ${schedule})`, async () => {
    const {log, monitor} = watch({every})
    await train(modelOfOther(), [new other.CustomCallback(plain), monitor])
    assert.equal(steps(log), [0, 3, 6])
  })
}

test('a callback that is wrapped and has no model says so before the training', async () => {
  for (const [model, callbacks] of [
    [smallModel(), (monitor: unknown) => [plain, monitor]],
    [modelOfOther(), (monitor: unknown) => [monitor]],
  ] as const) {
    const {log, monitor} = watch()
    const before = model.getWeights().map((weight) => weight.dataSync().slice())
    const fit = model.fit(xs, ys, {verbose: 0, callbacks: callbacks(monitor) as []})
    await rejects(fit, 'model: cannot be taken from fit')
    assert.equal(
      model.getWeights().map((weight) => weight.dataSync()),
      before,
    )
    assert.equal(log.calls, [])
  }
})

test('a wrapped callback has no batch hook that would read the loss back', () => {
  const wrapped = new tf.CustomCallback(watch().monitor as never) as unknown as {
    batchBegin: unknown
    batchEnd: unknown
  }
  assert.is(wrapped.batchBegin, undefined)
  assert.is(wrapped.batchEnd, undefined)
})

test('every hook works without this', async () => {
  const model = smallModel()
  const {log, monitor} = watch({model})
  const {onTrainBegin, onEpochBegin, onEpochEnd, onTrainEnd} = monitor
  await train(model, {onTrainBegin, onEpochBegin, onEpochEnd, onTrainEnd})
  assert.equal(steps(log), [0, 3, 6])
})

test('driven by hand, with numbers or tensors as logs', async () => {
  const model = smallModel()
  const {log, monitor} = watch({every: {batches: 1}})
  monitor.setParams({epochs: 1, initialEpoch: 0, samples: 24, batchSize: 12})
  monitor.setModel(model as never)
  await monitor.onTrainBegin()
  await monitor.onEpochBegin(0, {})
  const loss = tf.scalar(0.5)
  await keepsTensors(async () => {
    await monitor.onBatchEnd(0, {batch: 0, size: 12, loss})
    await monitor.onBatchEnd(1, {batch: 1, size: 12, loss: 0.25, acc: 1})
  })
  assert.not(loss.isDisposed)
  await monitor.onEpochEnd(0, {loss})
  await monitor.onTrainEnd()
  loss.dispose()
  assert.equal(
    log.snapshots.map(({step, epoch, loss: logged}) => [step, epoch, logged ?? null]),
    [
      [0, 0, null],
      [1, 0.5, 0.5],
      [2, 1, 0.25],
    ],
  )
  assert.equal(log.snapshots[2]!.metrics, {acc: 1})
})

test('sequential, functional and nested models give the same numbers', async () => {
  const glorot = (seed: number) => tf.initializers.glorotUniform({seed})
  const hidden = () =>
    tf.layers.dense({inputShape: [4], units: 6, activation: 'relu', kernelInitializer: glorot(1)})
  const output = () =>
    tf.layers.dense({units: 3, activation: 'softmax', kernelInitializer: glorot(2)})
  const input = tf.input({shape: [4]})
  const models = [
    tf.sequential({layers: [hidden(), output()]}),
    tf.model({
      inputs: input,
      outputs: output().apply(hidden().apply(input)) as tf.SymbolicTensor,
    }),
    tf.sequential({layers: [tf.sequential({layers: [hidden()]}), output()]}),
  ]
  const found = []
  for (const model of models) {
    model.compile({optimizer: 'sgd', loss: 'categoricalCrossentropy'})
    const {log, monitor} = watch({data: values})
    await model.fit(xs, ys, {
      epochs: 2,
      batchSize: 8,
      shuffle: false,
      verbose: 0,
      callbacks: [monitor],
    })
    found.push(log.snapshots.map(({distances, bounds, loss}) => ({distances, bounds, loss})))
  }
  assert.equal(found[1], found[0])
  assert.equal(found[2], found[0])
})

test('a part of the model that is trained can be watched', async () => {
  const encoder = smallModel()
  const model = tf.sequential({
    layers: [encoder, tf.layers.dense({units: 3, activation: 'softmax'})],
  })
  model.compile({optimizer: 'sgd', loss: 'categoricalCrossentropy'})
  const part = tf.model({
    inputs: encoder.inputs,
    outputs: encoder.layers[0]!.output as tf.SymbolicTensor,
  })
  const {log, monitor} = watch({model: part})
  await train(model, [monitor])
  assert.equal(steps(log), [0, 3, 6])
  assert.is(log.runs[0]!.model.layers.length, 1)
})

test.run()
