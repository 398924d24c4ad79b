import * as tf from '@tensorflow/tfjs'
import {linearRegionMonitor, type MonitorOptions} from '../../callbacks/index.js'
import type {RunLog} from '../run-log.js'
import {asUsage} from '../usage.js'
import {earlySnapshots} from './early-snapshots.js'
import {interruptible} from './interruptible.js'
import {buildMlp} from './network.js'
import type {Experiment} from './presets.js'
import {scheduleOf} from './schedule.js'
import {withSeededRandom} from './seeded-random.js'
import type {ImageTensors} from './tensors.js'

/** The images that every run of an experiment shares. */
export interface TrainingData {
  /** What the run's row calls them. */
  readonly name: string
  readonly classes: number
  readonly train: ImageTensors
  readonly test: ImageTensors
}

/** What a training is given. */
export interface TrainRequest {
  readonly experiment: Experiment
  readonly seed: number
  readonly data: TrainingData
  readonly log: RunLog
  readonly signal: AbortSignal
}

/** The name of an experiment's runs: they differ in their seed alone. */
export const runName = ({width, depth}: Experiment) => `mlp-${width}x${depth}`

/**
 * Trains one network with the monitor and logs it as one run. Everything random is seeded: weights,
 * shuffling and points. Where it is broken off, the run is closed as failed.
 *
 * @throws what the monitor or the training throws; `UsageError` where the experiment is at fault
 */
export async function train(request: TrainRequest): Promise<void> {
  const {experiment, seed, data, log} = request
  const {width, depth, learningRate} = experiment
  const inputs = data.train.images.shape[1]
  const model = buildMlp({inputs, width, depth, classes: data.classes, seed})
  const optimizer = tf.train.adam(learningRate)
  model.compile({optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy']})
  try {
    await withSeededRandom(`shuffle/${seed}`, () => asUsage(() => fit(model, request)))
  } catch (error) {
    // fit tells its callbacks nothing when it is broken off.
    await log.failOpenRuns((error as Error).message)
    throw error
  } finally {
    optimizer.dispose()
    model.dispose()
  }
}

async function fit(
  model: tf.LayersModel,
  {experiment, seed, data, log, signal}: TrainRequest,
): Promise<void> {
  const {points, groups, radii, methods, countings, epochs, batchSize} = experiment
  const {train: training, test} = data
  const {early, afterEpoch, stepsPerEpoch} = scheduleOf(experiment)
  const monitor = linearRegionMonitor({
    data: training.images,
    labels: training.labels,
    testData: test.images,
    testLabels: test.labels,
    database: log,
    run: runName(experiment),
    config: {data: data.name, optimizer: 'adam', ...experiment},
    points,
    // Words of the command line; the monitor refuses those it does not know.
    groups: groups as NonNullable<MonitorOptions['groups']>,
    radii,
    methods: methods as NonNullable<MonitorOptions['methods']>,
    countings: countings as NonNullable<MonitorOptions['countings']>,
    every: {when: ({epoch}) => afterEpoch(epoch)},
    seed,
    onError: 'throw',
  })
  await model.fit(training.images, training.targets, {
    epochs,
    batchSize,
    validationData: [test.images, test.targets],
    verbose: 0,
    callbacks: [monitor, earlySnapshots(monitor, early, stepsPerEpoch), interruptible(signal)],
  })
}
