import * as tf from '@tensorflow/tfjs'
import {announceBackend} from '../backends/announce.js'
import {type ChosenBackend, loadBackend} from '../backends/load.js'
import {type Context, UsageError} from '../command.js'
import {type Dataset, firstImages, type Images, loadImages} from '../data/load.js'
import type {Format} from '../figures/render.js'
import {createProgress} from '../progress.js'
import {openRunLog} from '../run-log.js'
import {count} from '../select-runs.js'
import {checkPreset} from './check-preset.js'
import {type DatabaseChoice, openResults} from './database.js'
import {type Training, trainingsOf} from './grid.js'
import {writeOutputs} from './outputs.js'
import type {Preset} from './presets.js'
import {scheduleOf} from './schedule.js'
import {type Shard, shareOf} from './shard.js'
import {slicePoints} from './slice-points.js'
import {standingOf} from './standing.js'
import {toTensors} from './tensors.js'
import {type TrainingData, train} from './train.js'
import {weightOf} from './weight.js'

/** Where a study finds its data and puts its results. */
export interface ReproduceOptions extends DatabaseChoice {
  readonly preset: Preset
  /** The part of it that is trained here; all of it where there is none. */
  readonly shard: Shard | undefined
  readonly backend: string | undefined
  readonly formats: readonly Format[]
}

/**
 * Trains the networks of a study, one a seed, those that the log has finished aside; then, once the log
 * has all of them, draws the figures and the findings.
 */
export async function reproduce(options: ReproduceOptions, context: Context): Promise<void> {
  const {preset, shard, out, formats} = options
  const {argv, signal, stdout, stderr} = context
  checkPreset(preset)
  const images = readImages(preset)
  const trainings = trainingsOf(preset, images.name)
  const backend = await loadBackend({name: options.backend})
  announceBackend(backend, stderr)
  checkBackend(trainings, backend)
  const log = await openResults(options)
  const data = toTrainingData(preset, images)
  try {
    const share = shareOf(await standingOf(log, trainings), shard ?? {number: 1, count: 1})
    const todo = share.filter(({state}) => state === 'open')
    stderr.write(planText(share.length, todo.length, trainings.length, shard))
    await trainAll(todo, {out, data, backend, argv, log, signal, stderr})
    const ended = await standingOf(log, trainings)
    const runs = ended.flatMap(({runId}) => runId ?? [])
    if (runs.length < ended.length) {
      stderr.write(
        `${runs.length} of ${count(ended.length, 'run')} are finished; the figures come when all are\n`,
      )
      return
    }
    await writeOutputs({log, runs, folder: out, formats, stdout, stderr})
  } finally {
    tf.dispose([{...data.train}, {...data.test}])
    await log.close()
  }
}

interface Work extends Pick<Context, 'argv' | 'signal' | 'stderr'> {
  /** Folder of the results. */
  readonly out: string
  readonly data: TrainingData
  readonly backend: ChosenBackend
  readonly log: Awaited<ReturnType<typeof openResults>>
}

async function trainAll(todo: readonly Training[], work: Work): Promise<void> {
  const {data, backend, argv, log, signal, stderr, out} = work
  if (todo.length === 0) return
  const pixels = data.shape.reduce((product, size) => product * size, 1)
  const weigh = ({experiment}: Training) => weightOf(experiment.network, pixels)
  const counts = todo.map(({experiment}) => scheduleOf(experiment).steps.length)
  const total = todo.reduce((sum, training, at) => sum + counts[at]! * weigh(training), 0)
  const progress = createProgress(
    stderr,
    total,
    counts.reduce((sum, one) => sum + one, 0),
  )
  let done = 0
  let now: Training | undefined
  const runs = openRunLog(log, {
    backend,
    argv,
    onSnapshot({epoch}) {
      done += weigh(now!)
      progress.update(done, `${now!.name}, seed ${now!.seed}, epoch ${epoch.toFixed(2)}`)
    },
  })
  try {
    for (const training of todo) {
      signal.throwIfAborted()
      now = training
      await train({training, data, log: runs, folder: out, signal})
    }
  } finally {
    progress.stop()
  }
}

/** How many runs there are, and how many of them are left. */
export function planText(
  share: number,
  todo: number,
  all: number,
  shard: Shard | undefined,
): string {
  const whole = count(all, 'run')
  const part = shard
    ? `shard ${shard.number} of ${shard.count} (${shard.source}): ${share} of ${whole}`
    : whole
  return todo === share ? `${part}\n` : `${part}, ${share - todo} of them done or under way\n`
}

/** The images of a study. */
export function readImages({data, trainSize, testSize}: Preset): Dataset {
  if (data === null) {
    throw new UsageError(
      'data: expected a folder with the IDX files of Fashion-MNIST or others like them, got none',
    )
  }
  const images = loadImages({dir: data === 'embedded' ? undefined : data})
  const check = (option: string, asked: number, {count}: Images) => {
    if (asked <= count) return
    throw new UsageError(`${option}: expected at most ${count}, the images there are, got ${asked}`)
  }
  check('train-size', trainSize, images.train)
  check('test-size', testSize, images.test)
  return images
}

/**
 * WebAssembly has no gradient of a convolution; that should be known before hours of training.
 *
 * @throws `UsageError` where a study has convolutions and the backend, which is in use, cannot train them
 */
export function checkBackend(
  trainings: readonly Pick<Training, 'name' | 'experiment'>[],
  {name}: Pick<ChosenBackend, 'name'>,
): void {
  const convolutional = trainings.find(({experiment}) => experiment.network.kind === 'cnn')
  if (!convolutional || tf.getKernel('Conv2DBackpropFilter', tf.getBackend())) return
  throw new UsageError(
    `controls: "${convolutional.name}" needs a backend that trains convolutions, which ${name} does not; set up native TensorFlow with \`linear-regions backends install\`, or give other --controls, or none`,
  )
}

/** The images on the backend; to be disposed by the caller. */
export function toTrainingData({trainSize, testSize}: Preset, images: Dataset): TrainingData {
  const {classes, train: training, test} = images
  return {
    shape: training.shape,
    classes,
    train: toTensors(firstImages(training, trainSize), classes),
    test: toTensors(firstImages(test, testSize), classes),
    slicePoints: slicePoints(training),
  }
}
