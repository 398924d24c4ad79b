import * as tf from '@tensorflow/tfjs'
import {linearRegionMonitor, type MonitorOptions} from '../../callbacks/index.js'
import type {RunLog} from '../run-log.js'
import {spread} from '../spread.js'
import {asUsage} from '../usage.js'
import {buildNetwork} from './build-network.js'
import {checkpointFolder} from './checkpoint-folder.js'
import {saveCheckpoint} from './checkpoints.js'
import type {Experiment, Training} from './grid.js'
import {interruptible} from './interruptible.js'
import {scheduleOf} from './schedule.js'
import {withSeededRandom} from './seeded-random.js'
import {withShuffledLabels} from './shuffled-labels.js'
import {type SlicePoint, writeSlicePoints} from './slice-points.js'
import {snapshots} from './snapshots.js'
import type {ImageTensors} from './tensors.js'
import {weightDecay} from './weight-decay.js'

/** The images that every run of a study shares. */
export interface TrainingData {
  /** Height and width of an image. */
  readonly shape: readonly number[]
  readonly classes: number
  readonly train: ImageTensors
  readonly test: ImageTensors
  /** Kept beside the checkpoints of a run. */
  readonly slicePoints: readonly SlicePoint[]
}

/** What a training is given. */
export interface TrainRequest {
  readonly training: Training
  readonly data: TrainingData
  readonly log: RunLog
  /** Folder of the results. */
  readonly folder: string
  readonly signal: AbortSignal
}

/**
 * Trains one network with the monitor and logs it as one run. Everything random is seeded: weights,
 * shuffling, labels and points. Where it is broken off, the run is closed as failed.
 *
 * @throws what the monitor or the training throws; `UsageError` where the experiment is at fault
 */
export async function train(request: TrainRequest): Promise<void> {
  const {training, data, log} = request
  const {experiment, seed} = training
  const model = buildNetwork(experiment.network, {...data, seed})
  const optimizer = optimizerOf(experiment)
  model.compile({optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy']})
  const shuffled = experiment.labels === 'shuffled' ? withShuffledLabels(data.train, seed) : null
  const given = {...request, data: {...data, train: shuffled ?? data.train}}
  try {
    await withSeededRandom(`shuffle/${seed}`, () => asUsage(() => fit(model, given)))
  } catch (error) {
    // fit tells its callbacks nothing when it is broken off.
    await log.breakOff(error)
  } finally {
    if (shuffled) tf.dispose([shuffled.labels, shuffled.targets])
    optimizer.dispose()
    model.dispose()
  }
}

const optimizerOf = ({optimizer, learningRate}: Experiment): tf.Optimizer =>
  optimizer === 'sgd' ? tf.train.sgd(learningRate) : tf.train.adam(learningRate)

async function fit(model: tf.LayersModel, request: TrainRequest): Promise<void> {
  const {training, data, log, folder, signal} = request
  const {name, seed, experiment} = training
  const {points, groups, radii, methods, countings, measures, chosenMeasures, epochs, batchSize} =
    experiment
  const {stepsPerEpoch, steps} = scheduleOf(experiment)
  const monitor = linearRegionMonitor({
    data: data.train.images,
    labels: data.train.labels,
    testData: data.test.images,
    testLabels: data.test.labels,
    database: log,
    run: name,
    config: experiment,
    points,
    // Words of the command line; the monitor refuses those it does not know.
    groups: groups as NonNullable<MonitorOptions['groups']>,
    radii,
    methods: methods as NonNullable<MonitorOptions['methods']>,
    countings: countings as NonNullable<MonitorOptions['countings']>,
    measures: [...measures, ...chosenMeasures] as NonNullable<MonitorOptions['measures']>,
    every: {when: () => false},
    seed,
    onError: 'throw',
  })
  const chosen = new Set(spread(steps, experiment.chosenSnapshots))
  const measuresAt = (step: number) =>
    chosen.has(step) ? [...measures, ...chosenMeasures] : measures
  const onSnapshot = async (step: number) => {
    if (!training.saved || !chosen.has(step)) return
    const place = checkpointFolder(folder, monitor.runId!)
    if (step === 0) await writeSlicePoints(place, data.slicePoints)
    await saveCheckpoint(model, place, step)
  }
  await model.fit(data.train.images, data.train.targets, {
    epochs,
    batchSize,
    verbose: 0,
    callbacks: [
      ...(experiment.weightDecay > 0
        ? [weightDecay(model, experiment.learningRate * experiment.weightDecay)]
        : []),
      monitor,
      snapshots(monitor, data, {steps, stepsPerEpoch, measuresAt, onSnapshot}),
      interruptible(signal),
    ],
  })
}
