import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import * as tf from '@tensorflow/tfjs'
import {linearRegionMonitor, type MonitorOptions} from '../../callbacks/index.js'
import {loadImages} from '../data/load.js'
import {buildMlp} from '../experiments/network.js'
import {median} from './median.js'

/** Training time with the monitor over training time without it. */
export interface OverheadRow {
  readonly measures: string
  readonly every: string
  /** Images of one epoch. */
  readonly images: number
  /** Median over pairs of trainings, one with and one without, in turn. */
  readonly ratio: number
}

type Watched = Pick<MonitorOptions, 'measures' | 'methods' | 'radii'>

/** What is watched: nothing but distances, a cheap bound too, or everything. */
export const watched: Readonly<Record<string, Watched>> = {
  distance: {measures: ['distance']},
  'distance, spectral': {methods: ['spectral'], radii: [0.01]},
  'distance, combined': {methods: ['combined'], radii: [0.01, 0.03]},
}

/** How often: after so many batches, or once an epoch. */
export const schedules: readonly (readonly [name: string, every: MonitorOptions['every']])[] = [
  ['1 batch', {batches: 1}],
  ['4 batches', {batches: 4}],
  ['16 batches', {batches: 16}],
  ['64 batches', {batches: 64}],
  ['256 batches', {batches: 256}],
  ['epoch', 1],
]

/** What is trained. */
export interface OverheadPlan {
  /** Images of one epoch: the embedded ones, as often as it takes. Only the time matters. */
  readonly images: number
  /** Points of each of the two groups. */
  readonly points: number
  readonly pairs: number
}

/**
 * The cost of watching 784-128-128-128-10 with batches of 32, writing included: for each kind of
 * watching and each schedule, the ratio of the times of one epoch with and without.
 */
export async function timeOverhead(
  {images, points, pairs}: OverheadPlan,
  names: readonly string[] = Object.keys(watched),
  every = schedules,
): Promise<OverheadRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'linear-regions-bench-'))
  const {x, y} = repeatedImages(images)
  const train = (callbacks: Callbacks) => timeEpoch(x, y, callbacks)
  const rows: OverheadRow[] = []
  try {
    await train([])
    for (const measures of names) {
      for (const [text, schedule] of every) {
        const ratios: number[] = []
        for (let pair = 0; pair < pairs; pair++) {
          const monitor = linearRegionMonitor({
            data: x.slice([0, 0], [2000, -1]),
            database: join(folder, 'bench.db'),
            points,
            every: schedule ?? 1,
            onError: 'throw',
            ...watched[measures]!,
          })
          const without = await train([])
          const withMonitor = await train([monitor])
          ratios.push(withMonitor / without)
        }
        rows.push({measures, every: text, images, ratio: median(ratios)})
      }
    }
  } finally {
    tf.dispose([x, y])
    rmSync(folder, {recursive: true, force: true})
  }
  return rows
}

type Callbacks = NonNullable<tf.ModelFitArgs['callbacks']> & unknown[]

async function timeEpoch(x: tf.Tensor2D, y: tf.Tensor, callbacks: Callbacks) {
  const model = buildMlp({inputs: x.shape[1], width: 128, depth: 3, classes: 10, seed: 1})
  const optimizer = tf.train.adam()
  model.compile({optimizer, loss: 'categoricalCrossentropy'})
  const start = performance.now()
  await model.fit(x, y, {epochs: 1, batchSize: 32, verbose: 0, yieldEvery: 'never', callbacks})
  const time = performance.now() - start
  optimizer.dispose()
  model.dispose()
  return time
}

function repeatedImages(count: number): {x: tf.Tensor2D; y: tf.Tensor} {
  const {train} = loadImages()
  const size = train.images.length / train.count
  return tf.tidy(() => {
    const times = Math.ceil(count / train.count)
    const images = tf.tensor2d(train.images, [train.count, size]).tile([times, 1])
    const labels = tf.oneHot(tf.tensor1d(train.labels, 'int32'), 10).tile([times, 1])
    return {x: images.slice([0, 0], [count, -1]), y: labels.slice([0, 0], [count, -1])}
  }) as {x: tf.Tensor2D; y: tf.Tensor}
}
