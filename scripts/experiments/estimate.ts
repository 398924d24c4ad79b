import * as tf from '@tensorflow/tfjs'
import {linearRegionMonitor, type MonitorOptions} from '../../callbacks/index.js'
import {openLog} from '../../storage/log.js'
import {asUsage} from '../usage.js'
import {buildNetwork} from './build-network.js'
import type {Training} from './grid.js'
import {scheduleOf} from './schedule.js'
import type {TrainingData} from './train.js'

/** Batches that are timed, after as many to warm up. */
const batches = 10
/** Points of each group that are timed. */
const few = 8

/**
 * Seconds that a run will take, by what a few batches and a snapshot at a few points take now.
 *
 * @throws `UsageError` where the experiment is at fault
 */
export async function estimateSeconds(training: Training, data: TrainingData): Promise<number> {
  const {experiment, seed} = training
  const {batchSize, epochs, points} = experiment
  const {stepsPerEpoch} = scheduleOf(experiment)
  const model = buildNetwork(experiment.network, {...data, seed})
  const optimizer = tf.train.adam(experiment.learningRate)
  model.compile({optimizer, loss: 'categoricalCrossentropy'})
  const size = Math.min(batches * batchSize, experiment.trainSize)
  const x = data.train.images.slice(0, size)
  const y = data.train.targets.slice(0, size)
  try {
    const fit = () => model.fit(x, y, {epochs: 1, batchSize, verbose: 0, shuffle: false})
    await fit()
    const perBatch = (await seconds(fit)) / Math.ceil(size / batchSize)
    const sampled = Math.min(few, points)
    const measuring = await snapshotSeconds(model, training, data, sampled)
    return epochs * stepsPerEpoch * perBatch + (measuring * points) / sampled
  } finally {
    tf.dispose([x, y])
    optimizer.dispose()
    model.dispose()
  }
}

/** Of all snapshots, were they of so few points. */
async function snapshotSeconds(
  model: tf.LayersModel,
  {experiment}: Training,
  {train, test}: TrainingData,
  points: number,
): Promise<number> {
  const {groups, radii, methods, countings, measures, chosenMeasures, chosenSnapshots} = experiment
  const snapshots = scheduleOf(experiment).steps.length
  const log = await openLog(':memory:')
  try {
    const monitor = await asUsage(() =>
      linearRegionMonitor({
        data: train.images,
        labels: train.labels,
        testData: test.images,
        database: log,
        model,
        points,
        groups: groups as NonNullable<MonitorOptions['groups']>,
        radii,
        methods: methods as NonNullable<MonitorOptions['methods']>,
        countings: countings as NonNullable<MonitorOptions['countings']>,
        measures: [...measures, ...chosenMeasures] as NonNullable<MonitorOptions['measures']>,
        onError: 'throw',
      }),
    )
    const all = await monitor.measure({step: 0, epoch: 0})
    const usual = await monitor.measure({step: 1, epoch: 0, measures})
    await monitor.finish()
    const chosen = Math.min(chosenSnapshots, snapshots)
    return (chosen * all.measureMs! + (snapshots - chosen) * usual.measureMs!) / 1000
  } finally {
    await log.close()
  }
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return (performance.now() - started) / 1000
}
