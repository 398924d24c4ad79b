import {mkdirSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as tf from '@tensorflow/tfjs'
import {test} from 'uvu'
import * as assert from 'uvu/assert'
import {linearRegionMonitor, type MonitorOptions} from '../../callbacks/index.js'
import {UnsupportedLayerError} from '../../src/index.js'
import {temporaryFolder} from '../support/folder.js'
import {rejects} from '../support/rejects.js'
import {keepsTensors} from '../support/tensors.js'
import {memoryLog, smallData, smallModel, warningsOf} from './fixture.js'

const folder = temporaryFolder()
const {xs, ys} = smallData()
const watch = (options: Partial<MonitorOptions> = {}) => {
  const log = memoryLog()
  const small = {points: 3, groups: ['train'], radii: [0.1], methods: ['interval']} as const
  return {log, monitor: linearRegionMonitor({data: xs, database: log, ...small, ...options})}
}
const fit = (model: tf.LayersModel, callbacks: (tf.Callback | tf.CustomCallback)[], epochs = 3) =>
  model.fit(xs, ys, {epochs, batchSize: 8, verbose: 0, callbacks})
const statuses = (log: ReturnType<typeof memoryLog>) => log.snapshots.map(({status}) => status)

/** What is wrong is said before the first batch, whatever onError is. */
async function refusesToTrain(
  model: tf.LayersModel,
  options: Partial<MonitorOptions>,
  message: string,
): Promise<Error> {
  let refused: Error | undefined
  for (const onError of ['warn', 'throw'] as const) {
    const before = model.getWeights().map((weight) => weight.dataSync().slice())
    const {monitor, log} = watch({...options, onError})
    refused = await rejects(fit(model, [monitor]), message)
    const after = model.getWeights().map((weight) => weight.dataSync())
    assert.equal(after, before)
    assert.equal(log.calls, [])
  }
  return refused!
}

test('a network that cannot be measured is refused before the training', async () => {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({inputShape: [4], units: 5, activation: 'tanh', name: 'smooth'}),
      tf.layers.dense({units: 5, activation: 'relu'}),
      tf.layers.dense({units: 3, activation: 'softmax'}),
    ],
  })
  model.compile({optimizer: 'sgd', loss: 'categoricalCrossentropy'})
  const error = await refusesToTrain(model, {}, '"smooth"')
  assert.instance(error, UnsupportedLayerError)
})

for (const [name, options, message] of [
  ['data of another shape', {data: [[1, 2]]}, 'data: expected at least one point of shape'],
  ['data with NaN', {data: [[1, 2, 3, Number.NaN]]}, 'data: expected finite numbers, got NaN'],
  ['too few data', {points: 25}, 'points: expected at most 24'],
  ['labels that do not fit', {labels: [1, 2]}, 'labels: expected one label for each of the 24'],
  [
    'no radius',
    {
      data: [
        [1, 1, 1, 1],
        [1, 1, 1, 1],
        [1, 1, 1, 1],
      ],
      radii: ['nearest'],
    },
    'nearest',
  ],
] as [string, Partial<MonitorOptions>, string][])
  test(`${name}: refused before the training, and no run is begun`, async () => {
    await refusesToTrain(smallModel(), options, message)
  })

test('a database that cannot be written is refused before the training', async () => {
  const isFolder = join(folder, 'folder.db')
  mkdirSync(isFolder)
  const isForeign = join(folder, 'picture.db')
  writeFileSync(isForeign, 'JPEG'.repeat(100))
  for (const [database, message] of [
    [join(folder, 'missing', 'runs.db'), 'missing'],
    [isFolder, 'folder.db'],
    [isForeign, 'picture.db'],
  ] as const)
    await refusesToTrain(smallModel(), {database}, message)
})

test('a log that refuses the run stops before the training', async () => {
  const {monitor, log} = watch()
  log.broken.add('startRun')
  await rejects(fit(smallModel(), [monitor]), 'startRun is broken')
})

const failing = (fails: (step: number) => boolean) => ({
  name: 'own',
  unit: 'one',
  measure: ({step}: {step: number}) => {
    if (fails(step)) throw new Error('out of luck')
    return [1, 2, 3]
  },
})

test('an error while measuring is warned of once, recorded, and the training goes on', async () => {
  const {monitor, log} = watch({measures: ['distance', failing((step) => step < 9)]})
  const said = await warningsOf(() => fit(smallModel(), [monitor]))
  assert.is(said.length, 1)
  assert.match(said[0]!, "linear-regions: measures: 'own': out of luck (the training goes on")
  assert.equal(statuses(log), ['failed', 'failed', 'failed', 'complete'])
  assert.is(log.snapshots[0]!.reason, "measures: 'own': out of luck")
  assert.is(log.calls.at(-1), 'finished')
})

test('an error changes nothing of the training', async () => {
  const history = async (callbacks: tf.Callback[]) => {
    const model = smallModel()
    const {history} = await model.fit(xs, ys, {epochs: 3, shuffle: false, verbose: 0, callbacks})
    return history
  }
  const plain = await history([])
  const {monitor} = watch({measures: [failing(() => true)]})
  await warningsOf(async () => assert.equal(await history([monitor]), plain))
})

test("onError: 'throw' records the snapshot, closes the run as failed, and throws", async () => {
  const {monitor, log} = watch({measures: [failing((step) => step === 3)], onError: 'throw'})
  const said = await warningsOf(() =>
    rejects(fit(smallModel(), [monitor]), "measures: 'own': out of luck"),
  )
  assert.equal(said, [])
  assert.equal(statuses(log), ['complete', 'failed'])
  assert.is(log.calls.at(-1), "failed: measures: 'own': out of luck")
})

test('weights that become NaN fail their snapshots, and the training goes on', async () => {
  const model = smallModel()
  const spoil = new tf.CustomCallback({
    onEpochBegin: (epoch) => {
      if (epoch === 1)
        tf.tidy(() => model.layers[0]!.setWeights([tf.fill([4, 6], NaN), tf.zeros([6])]))
    },
  })
  const {monitor, log} = watch()
  const said = await warningsOf(() => fit(model, [spoil, monitor]))
  assert.is(said.length, 1)
  assert.equal(statuses(log), ['complete', 'complete', 'failed', 'failed'])
  const {reason, loss, metrics, points, distances} = log.snapshots[2]!
  assert.match(reason!, 'NaN')
  assert.match(reason!, 'NaN and therefore not logged: loss')
  assert.is(loss, null)
  assert.not('loss' in metrics!)
  assert.equal([points.length, distances.length], [3, 0])
  assert.is(log.calls.at(-1), 'finished')
})

test('a snapshot that cannot be written is recorded as failed where that can be written', async () => {
  const {monitor, log} = watch()
  const {writeSnapshot} = log
  log.writeSnapshot = (runId, snapshot) =>
    snapshot.status === 'complete' && snapshot.step === 3
      ? Promise.reject(new Error('NaN in distances'))
      : writeSnapshot(runId, snapshot)
  const said = await warningsOf(() => fit(smallModel(), [monitor]))
  assert.is(said.length, 1)
  assert.equal(statuses(log), ['complete', 'failed', 'complete', 'complete'])
  assert.is(log.snapshots[1]!.reason, 'could not be logged: NaN in distances')
  assert.equal(log.snapshots[1]!.points, [])
})

test('a log that rejects without a reason stops nothing', async () => {
  const {monitor, log} = watch()
  log.writeSnapshot = () => Promise.reject()
  const warnings = await warningsOf(() => fit(smallModel(), [monitor]))
  assert.match(warnings.join(), 'undefined')
  assert.match(log.calls.at(-1)!, /^finished: step 9 could not be logged/)
})

test('a loss that another callback has disposed of is left out, and the training goes on', async () => {
  const {monitor, log} = watch({every: {batches: 1}})
  class Disposing extends tf.Callback {
    override async onBatchEnd(_: number, logs?: tf.Logs) {
      tf.dispose(logs as tf.TensorContainer)
    }
  }
  const warnings = await warningsOf(() => fit(smallModel(), [new Disposing(), monitor], 1))
  assert.match(warnings.join(), 'disposed')
  assert.equal(statuses(log), ['complete', 'complete', 'complete', 'complete'])
  assert.ok(log.snapshots.slice(1, 3).every(({loss}) => loss === null))
})

test('a log that fails altogether stops nothing; the run says at its end what is missing', async () => {
  const {monitor, log} = watch()
  const breaking = new tf.CustomCallback({
    onEpochEnd: (epoch) => {
      for (const name of ['writeSnapshot', 'heartbeat'])
        epoch === 0 ? log.broken.add(name) : log.broken.delete(name)
    },
  })
  const said = await warningsOf(() => fit(smallModel(), [breaking, monitor]))
  assert.equal(
    said.map((text) => text.split(' (')[0]),
    ['linear-regions: heartbeat is broken', 'linear-regions: writeSnapshot is broken'],
  )
  assert.equal(
    log.snapshots.map(({step}) => step),
    [0, 6, 9],
  )
  assert.is(log.calls.at(-1), 'finished: step 3 could not be logged: writeSnapshot is broken')
})

test('a run that cannot be closed stops nothing', async () => {
  const {monitor, log} = watch()
  log.broken.add('finishRun')
  const said = await warningsOf(() => fit(smallModel(), [monitor]))
  assert.match(said.join(), 'finishRun is broken')
})

for (const epoch of [0, 2])
  test(`a log that is deleted after epoch ${epoch} is said, and the training goes on`, async () => {
    const database = join(folder, `deleted-${epoch}.db`)
    const {monitor} = watch({database})
    const deleting = new tf.CustomCallback({
      onEpochEnd: async (ended) => {
        if (ended === epoch) rmSync(database)
      },
    })
    const said = await warningsOf(async () => {
      const {history} = await fit(smallModel(), [monitor, deleting])
      assert.is(history.loss!.length, 3)
    })
    assert.is(said.length, 1)
    assert.match(said[0]!, /^linear-regions: database: ".*" was deleted or moved while it was open/)
  })

test("a schedule of one's own that throws is reported like a measure", async () => {
  const every = {
    when: () => {
      throw new Error('no idea')
    },
  }
  const {monitor, log} = watch({every})
  const said = await warningsOf(() => fit(smallModel(), [monitor]))
  assert.is(said.length, 1)
  assert.match(said[0]!, 'no idea')
  assert.equal(statuses(log), ['complete'])
  await rejects(fit(smallModel(), [watch({every, onError: 'throw'}).monitor]), 'no idea')
})

/** An optimiser that forgets to count, as one's own may. */
class Uncounted extends tf.SGDOptimizer {
  override incrementIterations() {}
}

test('an optimiser that does not count its updates is said, and counted by batches', async () => {
  const model = () => {
    const made = smallModel()
    made.compile({optimizer: new Uncounted(0.1), loss: 'categoricalCrossentropy'})
    return made
  }
  const epochs = watch()
  const said = await warningsOf(() => fit(model(), [epochs.monitor]))
  assert.is(said.length, 1)
  assert.match(said[0]!, 'step: the optimiser counted no update during the epoch')
  assert.equal(statuses(epochs.log), ['complete'])
  const batches = watch({every: {batches: 3}})
  await fit(model(), [batches.monitor])
  assert.equal(
    batches.log.snapshots.map(({step}) => step),
    [0, 3, 6, 9],
  )
})

test('errors leave no tensor behind', async () => {
  const model = smallModel()
  const own = failing((step) => step % 2 === 1)
  const {monitor} = watch({measures: ['distance', own], every: {batches: 1}})
  await warningsOf(async () => {
    await fit(model, [monitor], 1)
    await keepsTensors(() => fit(model, [monitor], 5).then(() => undefined))
  })
})

test.run()
