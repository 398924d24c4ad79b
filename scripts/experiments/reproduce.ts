import * as tf from '@tensorflow/tfjs'
import {announceBackend} from '../backends/announce.js'
import {loadBackend} from '../backends/load.js'
import {type Context, UsageError} from '../command.js'
import {type Dataset, firstImages, type Images, loadImages} from '../data/load.js'
import type {Format} from '../figures/render.js'
import {createProgress} from '../progress.js'
import {openRunLog} from '../run-log.js'
import {openResults} from './database.js'
import {writeOutputs} from './outputs.js'
import type {Experiment} from './presets.js'
import {scheduleOf} from './schedule.js'
import {toTensors} from './tensors.js'
import {runName, type TrainingData, train} from './train.js'

/** Where an experiment finds its data and puts its results. */
export interface ReproduceOptions {
  readonly experiment: Experiment
  readonly backend: string | undefined
  readonly data: string | undefined
  readonly out: string
  readonly database: string | undefined
  readonly force: boolean
  readonly formats: readonly Format[]
}

/** Trains the networks of an experiment, one a seed, then draws the figures and the findings of them. */
export async function reproduce(options: ReproduceOptions, context: Context): Promise<void> {
  const {experiment, out} = options
  const {argv, signal, stdout, stderr} = context
  const images = loadImages({dir: options.data})
  checkSizes(experiment, images)
  const backend = await loadBackend({name: options.backend})
  announceBackend(backend, stderr)
  const log = await openResults(options)
  const data = toTrainingData(experiment, images)
  const {snapshots} = scheduleOf(experiment)
  const progress = createProgress(stderr, snapshots * experiment.seeds.length)
  let done = 0
  let seed = 0
  const runs = openRunLog(log, {
    backend,
    argv,
    onSnapshot: ({epoch}) =>
      progress.update(++done, `${runName(experiment)}, seed ${seed}, epoch ${epoch.toFixed(2)}`),
  })
  try {
    for (seed of experiment.seeds) {
      signal.throwIfAborted()
      await train({experiment, seed, data, log: runs, signal})
    }
    progress.stop()
    const shown = {log, runs: runs.startedRuns, folder: out, formats: options.formats}
    await writeOutputs({...shown, stdout, stderr})
  } finally {
    progress.stop()
    tf.dispose([{...data.train}, {...data.test}])
    await log.close()
  }
}

function checkSizes({trainSize, testSize}: Experiment, {train, test}: Dataset): void {
  const check = (option: string, asked: number, {count}: Images) => {
    if (asked <= count) return
    throw new UsageError(`${option}: expected at most ${count}, the images there are, got ${asked}`)
  }
  check('train-size', trainSize, train)
  check('test-size', testSize, test)
}

function toTrainingData({trainSize, testSize}: Experiment, images: Dataset): TrainingData {
  const {name, classes, train: training, test} = images
  return {
    name,
    classes,
    train: toTensors(firstImages(training, trainSize), classes),
    test: toTensors(firstImages(test, testSize), classes),
  }
}
