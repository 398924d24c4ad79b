import * as tf from '@tensorflow/tfjs'
import {
  type MeasureRequest,
  measureNetwork,
  type Network,
  preactivationBounds,
  readNetwork,
} from '../../src/index.js'
import {crownOperations} from './crown-operations.js'
import {median, timeRuns} from './median.js'
import type {BenchNetwork} from './networks.js'

/** What one measurement costs. */
export interface SpeedRow {
  readonly network: string
  readonly points: number
  readonly measure: string
  /** Medians over the runs. */
  readonly milliseconds: number
  /** The same over the time in which the backend runs the points through the network once. */
  readonly forwardPasses: number
  /** Where every row was pulled back: the rate of the products that this takes. */
  readonly gflops?: number
}

type Measurement = readonly [name: string, request: MeasureRequest | 'every row', radius?: number]

/** How each measurement is asked for; radii in units of the input space. */
const measurements: readonly Measurement[] = [
  ['distance l2', {norms: ['l2']}],
  ['distance linf', {norms: ['linf']}],
  ['spectral, r = 0.01', {methods: ['spectral']}, 0.01],
  ['interval, r = 0.01', {methods: ['interval']}, 0.01],
  ['combined, r = 0.01', {methods: ['combined']}, 0.01],
  ['combined, r = 0.03', {methods: ['combined']}, 0.03],
  ['combined, r = 0.1', {methods: ['combined']}, 0.1],
  ['every row of crown, r = 0.01', 'every row', 0.01],
]

/**
 * Times the measurements on one network at uniform random points.
 *
 * @param runs counted runs of each; one more warms up
 * @param names which measurements; all by default
 */
export async function timeMeasurements(
  network: BenchNetwork,
  runs: number,
  points = network.points,
  names: readonly string[] = measurements.map(([name]) => name),
): Promise<SpeedRow[]> {
  const model = await network.build()
  const shape = [points, ...network.inputShape]
  const x = tf.randomUniform(shape, 0, 1, 'float32', 1)
  const read = readNetwork(model)
  const forward = median(
    await timeRuns(runs, async () => {
      const y = model.predict(x) as tf.Tensor
      await y.data()
      y.dispose()
    }),
  )
  const units = read.layers.map((layer) => layer.units)
  const rows: SpeedRow[] = []
  for (const [name, request, radius] of measurements) {
    if (!names.includes(name)) continue
    const times = await timeRuns(runs, () => measure(read, x, request, radius))
    const milliseconds = median(times)
    const forwardPasses = milliseconds / forward
    const operations = points * crownOperations([network.inputShape[0]!, ...units])
    const rate = request === 'every row' && {gflops: operations / milliseconds / 1e6}
    rows.push({network: network.name, points, measure: name, milliseconds, forwardPasses, ...rate})
  }
  x.dispose()
  model.dispose()
  return rows
}

function measure(
  network: Network,
  points: tf.Tensor,
  request: MeasureRequest | 'every row',
  radius: number | undefined,
): Promise<unknown> {
  if (request === 'every row')
    return preactivationBounds(network, points, radius!, {method: 'crown'})
  const radii =
    radius === undefined
      ? []
      : [{rule: `${radius}`, radius: new Float64Array(points.shape[0]!).fill(radius)}]
  return measureNetwork(network, points, {...request, radii})
}

/** The backend's own 2-D product of two 1024 x 1024 matrices, in GFLOPS: what it could do at best. */
export async function matMulRate(runs: number): Promise<number> {
  const n = 1024
  const a = tf.randomUniform<tf.Rank.R2>([n, n], 0, 1, 'float32', 1)
  const times = await timeRuns(runs, async () => {
    const product = tf.matMul(a, a)
    await product.data()
    product.dispose()
  })
  a.dispose()
  return (2 * n ** 3) / median(times) / 1e6
}
