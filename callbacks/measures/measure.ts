import type * as tf from '@tensorflow/tfjs'
import type {Radii} from '../../src/measure.js'
import type {Network} from '../../src/network.js'
import type {Points} from '../points.js'
import type {RandomSource} from '../random.js'

/** What a measure may use. */
export interface MeasureInput {
  readonly network: Network
  readonly model: tf.LayersModel
  /**
   * All points of the snapshot [n, ...input shape], group after group; disposed after the snapshot.
   */
  readonly points: tf.Tensor
  /** The class of each point, null where it has none. */
  readonly labels: readonly (number | null)[]
  readonly testData: Points | null
  /** For each rule of the option `radii` one radius per point, in input units. */
  readonly radii: readonly Radii[]
  /** Uniform in [0, 1); a stream that belongs to the seed, the measure and the step. */
  readonly rng: RandomSource
  readonly step: number
}

/** One number per point; a tensor that was made for it is disposed. */
export type Values = ArrayLike<number> | tf.Tensor

/**
 * A measure of one's own: one number per point, logged in `measurements`.
 *
 * ```ts
 * const norm: Measure = {
 *   name: 'norm',
 *   unit: 'input units',
 *   measure: ({points}) => tf.tidy(() => points.square().sum(1).sqrt()),
 * }
 * linearRegionMonitor({data, measures: ['distance', 'bound', norm]})
 * ```
 */
export interface Measure {
  readonly name: string
  /** Unit of its numbers, for the log. */
  readonly unit: string
  readonly measure: (request: MeasureInput) => Values | Promise<Values>
}
