import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import * as tf from '@tensorflow/tfjs'
import {
  type LinearRegionMonitor,
  linearRegionMonitor,
  type MonitorOptions,
} from '../../callbacks/index.js'
import {type Log, openLog} from '../../storage/index.js'
import {loadImages} from '../data/load.js'
import {buildMlp} from '../experiments/network.js'
import {median} from './median.js'
import {imageCnn} from './networks.js'
import {takeTurns} from './take-turns.js'

/** Training time with the monitor over training time without it. */
export interface OverheadRow {
  readonly network: string
  readonly measures: string
  readonly every: string
  /** Images of the timed epoch, in batches of 32. */
  readonly images: number
  /** Median over pairs of trainings, one with and one without, that take turns of a few batches. */
  readonly ratio: number
  /**
   * The same by the clock, in the trainings with it: training, measuring and writing over training alone. It leaves out
   * whatever else a monitor might do to a training, and the difference between two trainings too.
   */
  readonly byClock: number
  /** Median milliseconds of the epoch without the monitor. */
  readonly without: number
}

type Watched = Pick<MonitorOptions, 'measures' | 'methods' | 'radii'>

/**
 * What is watched: nothing but distances, a cheap bound too, or everything. And nothing at all, without a monitor: how far two
 * equal trainings are apart.
 */
export const watched: Readonly<Record<string, Watched | undefined>> = {
  nothing: undefined,
  distance: {measures: ['distance']},
  'distance, spectral': {methods: ['spectral'], radii: [0.01, 0.03]},
  'distance, spectral, combined': {methods: ['spectral', 'combined'], radii: [0.01, 0.03]},
}

/** How often: after so many batches, or once an epoch. */
export interface OverheadSchedule {
  readonly name: string
  readonly every: MonitorOptions['every']
  /** Batches of the timed epoch, as many as one or more snapshots belong to; by default `images` of the plan. */
  readonly batches?: number
}

const batchSize = 32

/** Batches of a turn: some tens of milliseconds, in which the speed of a shared machine stays what it is. */
const turnBatches = 8

export const schedules: readonly OverheadSchedule[] = [
  {name: '1 batch', every: {batches: 1}, batches: 32},
  {name: '4 batches', every: {batches: 4}, batches: 64},
  {name: '16 batches', every: {batches: 16}, batches: 128},
  {name: '64 batches', every: {batches: 64}, batches: 256},
  {name: '256 batches', every: {batches: 256}, batches: 512},
  {name: 'epoch', every: 1},
]

/** What is trained. */
export interface OverheadNetwork {
  readonly name: string
  readonly inputShape: readonly number[]
  build(): tf.LayersModel
}

export const overheadNetworks: readonly OverheadNetwork[] = [
  {
    name: 'MLP',
    inputShape: [784],
    build: () => buildMlp({inputs: 784, width: 128, depth: 3, classes: 10, seed: 1}),
  },
  {name: 'CNN', inputShape: [28, 28, 1], build: imageCnn},
]

export interface OverheadPlan {
  /** Images of an epoch that is watched at its end: the embedded ones, as often as it takes. Only the time matters. */
  readonly images: number
  /** Points of each of the two groups. */
  readonly points: number
  readonly pairs: number
  readonly networks?: readonly OverheadNetwork[]
  readonly watched?: readonly string[]
  readonly schedules?: readonly OverheadSchedule[]
}

/** The networks and schedules of these names; all where none are given. `every` is a number of batches, or 'epoch'. */
export function chosen(
  networks: readonly string[] = overheadNetworks.map(({name}) => name),
  every: readonly string[] = schedules.map(({name}) => name.split(' ')[0]!),
): Required<Pick<OverheadPlan, 'networks' | 'schedules'>> {
  return {
    networks: overheadNetworks.filter(({name}) => networks.includes(name)).filter(canTrain),
    schedules: schedules.filter(({name}) => every.includes(name.split(' ')[0]!)),
  }
}

/**
 * The price of watching a training, writing included: for each network, kind of watching and schedule, the ratio of
 * the times of one epoch with and without. A batch is trained before, so that what happens once a training (the
 * snapshot before the first batch, the log's tables) is not counted.
 *
 * @param onRow is told of each row as it is there
 */
export async function timeOverhead(
  plan: OverheadPlan,
  onRow: (row: OverheadRow) => void = () => {},
): Promise<OverheadRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'linear-regions-bench-'))
  const rows: OverheadRow[] = []
  try {
    for (const network of plan.networks ?? overheadNetworks.filter(canTrain)) {
      for (const measures of plan.watched ?? Object.keys(watched)) {
        for (const schedule of plan.schedules ?? schedules) {
          const row = await timePairs(plan, network, measures, schedule, join(folder, 'bench.db'))
          rows.push(row)
          onRow(row)
        }
      }
    }
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
  return rows
}

/** WebAssembly has no gradient of convolutions. */
export function canTrain({inputShape}: OverheadNetwork): boolean {
  return inputShape.length === 1 || tf.getBackend() !== 'wasm'
}

async function timePairs(
  {images: whole, points, pairs}: OverheadPlan,
  network: OverheadNetwork,
  measures: string,
  {name, every, batches}: OverheadSchedule,
  database: string,
): Promise<OverheadRow> {
  const images = batches === undefined ? whole : batches * batchSize
  const {x, y} = repeatedImages(images, network.inputShape)
  const data = tf.tidy(() => x.slice(0, Math.min(2000, images)))
  const log = await openLog(database)
  try {
    const [ratios, clocks, times]: [number[], number[], number[]] = [[], [], []]
    for (let pair = 0; pair < pairs; pair++) {
      const clock = {watch: 0}
      const monitor =
        watched[measures] &&
        linearRegionMonitor({
          data,
          database: clocked(log, clock),
          points,
          every: every ?? 1,
          onError: 'throw',
          ...watched[measures],
        })
      const order = pair % 2 === 0 ? [monitor, undefined] : [undefined, monitor]
      const found = await timeTogether(network, x, y, order)
      const [watchedTime, without] = [found[pair % 2]!, found[1 - (pair % 2)]!]
      times.push(without)
      ratios.push(watchedTime / without)
      clocks.push(watchedTime / (watchedTime - clock.watch))
    }
    return {
      ...{network: network.name, measures, every: name, images},
      ratio: median(ratios),
      byClock: median(clocks),
      without: median(times),
    }
  } finally {
    await log.close()
    tf.dispose([x, y, data])
  }
}

/**
 * A log that adds up what the snapshots of the timed epoch say of their time, and how long the training waits until they are
 * written.
 *
 * @param now a clock in milliseconds
 */
export function clocked(
  log: Log,
  clock: {watch: number},
  now: () => number = () => performance.now(),
): Log {
  return {
    ...log,
    async writeSnapshot(runId, snapshot) {
      const start = now()
      await log.writeSnapshot(runId, snapshot)
      // The batch before the timed epoch is step 1.
      if (snapshot.step > 1) clock.watch += (snapshot.measureMs ?? 0) + now() - start
    },
  }
}

/** Milliseconds of an epoch of each of the trainings, which take turns: a batch of each is trained before. */
async function timeTogether(
  {build}: OverheadNetwork,
  x: tf.Tensor,
  y: tf.Tensor,
  monitors: readonly (LinearRegionMonitor | undefined)[],
): Promise<number[]> {
  const optimizers = monitors.map(() => tf.train.adam())
  const models = optimizers.map((optimizer) => {
    const model = build()
    model.compile({optimizer, loss: 'categoricalCrossentropy'})
    return model
  })
  const fit = (at: number, images: tf.Tensor, labels: tf.Tensor, pause?: tf.Callback) => {
    const callbacks = [monitors[at], pause].filter((callback) => callback !== undefined)
    const args = {epochs: 1, batchSize, verbose: 0, yieldEvery: 'never', callbacks} as const
    return models[at]!.fit(images, labels, args)
  }
  const first = [x.slice(0, batchSize), y.slice(0, batchSize)] as const
  try {
    for (const at of models.keys()) await fit(at, ...first)
    const trainings = models.map((_, at) => (pause: tf.Callback) => fit(at, x, y, pause))
    return await takeTurns(trainings, turnBatches)
  } finally {
    tf.dispose([...first])
    for (const disposable of [...optimizers, ...models]) disposable.dispose()
  }
}

function repeatedImages(count: number, shape: readonly number[]): {x: tf.Tensor; y: tf.Tensor} {
  const {train} = loadImages()
  const size = train.images.length / train.count
  return tf.tidy(() => {
    const times = Math.ceil(count / train.count)
    const images = tf.tensor2d(train.images, [train.count, size]).tile([times, 1])
    const labels = tf.oneHot(tf.tensor1d(train.labels, 'int32'), 10).tile([times, 1])
    const x = images.slice([0, 0], [count, -1]).reshape([count, ...shape])
    return {x, y: labels.slice([0, 0], [count, -1])}
  })
}
