import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {linearRegionMonitor, type MonitorOptions} from '../../callbacks/index.js'
import {useBackend} from '../support/backends.js'
import {watchReadings} from '../support/count-readings.js'
import {memoryLog, smallData, smallModel} from './fixture.js'

const test = suite('what the training waits for')
const {xs, ys} = smallData()

/** A loss that says how often it was read, as a tensor on a GPU would have to be waited for. */
function countedLoss() {
  const loss = tf.scalar(0.5)
  const reads = {count: 0}
  const count = <T extends (...given: never[]) => unknown>(read: T) =>
    ((...given: never[]) => {
      reads.count++
      return read(...given)
    }) as T
  Object.assign(loss, {
    data: count(loss.data.bind(loss)),
    dataSync: count(loss.dataSync.bind(loss)),
    array: count(loss.array.bind(loss)),
    arraySync: count(loss.arraySync.bind(loss)),
  })
  return {loss, reads}
}

interface Hooks {
  setParams(params: object): void
  setModel(model: tf.LayersModel): void
  onTrainBegin(): Promise<void>
  onEpochBegin(epoch: number): Promise<void>
  onBatchEnd?(batch: number, logs: object): Promise<void>
  onEpochEnd(epoch: number, logs: object): Promise<void>
  onTrainEnd(): Promise<void>
}

/** Calls the hooks as `fit` does, with a loss on the device, and counts how often it was read at each batch. */
async function readsByBatch(every: MonitorOptions['every'], batches: number) {
  const log = memoryLog()
  const model = smallModel()
  const monitor = linearRegionMonitor({
    data: xs,
    database: log,
    points: 3,
    radii: [0.1],
    every: every ?? 1,
  })
  const hooks = monitor as unknown as Hooks
  hooks.setParams({samples: batches, batchSize: 1})
  hooks.setModel(model)
  await hooks.onTrainBegin()
  await hooks.onEpochBegin(0)
  const counts: number[] = []
  for (let batch = 0; batch < batches; batch++) {
    const {loss, reads} = countedLoss()
    await hooks.onBatchEnd?.(batch, {batch, size: 1, loss})
    counts.push(reads.count)
    loss.dispose()
  }
  await hooks.onTrainEnd()
  return {counts, snapshots: log.snapshots}
}

test.before(() => useBackend('cpu'))

test('a loss is read only where a snapshot is due', async () => {
  const {counts, snapshots} = await readsByBatch({batches: 3}, 7)
  assert.equal(counts, [0, 0, 1, 0, 0, 1, 0])
  assert.equal(
    snapshots.map(({step, loss}) => [step, loss ?? null]),
    [
      [0, null],
      [3, 0.5],
      [6, 0.5],
    ],
  )
})

test('a function of the moment is asked without reading anything', async () => {
  const asked: number[] = []
  const when = ({step}: {step: number}) => {
    asked.push(step)
    return step === 4
  }
  const {counts} = await readsByBatch({when, at: 'batch'}, 5)
  assert.equal(asked, [1, 2, 3, 4, 5])
  assert.equal(counts, [0, 0, 0, 1, 0])
})

test('where epochs are watched, fit is given no batch hook for which it would read the loss', async () => {
  const monitor = linearRegionMonitor({data: xs, database: memoryLog(), every: 1})
  assert.is((monitor as unknown as Hooks).onBatchEnd, undefined)
  const {counts} = await readsByBatch(1, 4)
  assert.equal(counts, [0, 0, 0, 0])
})

/** How often a `fit` of two epochs reads numbers back from its first batch on, watched by a monitor or not. */
async function readingsOfFit(every: MonitorOptions['every'] | undefined): Promise<number> {
  const log = memoryLog()
  const model = smallModel()
  const watched = every !== undefined && {data: xs, database: log, points: 3, every}
  const monitors = watched ? [linearRegionMonitor(watched)] : []
  let watch: ReturnType<typeof watchReadings> | undefined
  const first = new tf.CustomCallback({
    onBatchBegin: async () => {
      watch ??= watchReadings()
    },
  })
  try {
    await model.fit(xs, ys, {epochs: 2, batchSize: 8, verbose: 0, callbacks: [...monitors, first]})
    // The one before the first batch alone.
    assert.is(log.snapshots.length, monitors.length)
    return watch!.count()
  } finally {
    watch?.stop()
  }
}

test('between its snapshots a monitor reads nothing back from the backend', async () => {
  const unwatched = await readingsOfFit(undefined)
  const never = {when: () => false}
  for (const every of [
    1000,
    {batches: 1000},
    {...never, at: 'epoch'},
    {...never, at: 'batch'},
  ] as const) {
    assert.is(await readingsOfFit(every), unwatched, JSON.stringify(every))
  }
})

test.run()
