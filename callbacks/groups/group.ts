import type * as tf from '@tensorflow/tfjs'
import type {Network} from '../../src/network.js'
import type {Classifier} from '../classifier.js'
import type {Points, PointsInput} from '../points.js'
import type {RandomSource} from '../random.js'

/** What a group may draw its points from. */
export interface SampleRequest {
  /** Uniform in [0, 1); a stream that belongs to the seed, the group and the step. */
  readonly rng: RandomSource
  /** How many points are wanted: the option `points`. */
  readonly n: number
  readonly data: Points
  readonly labels: Int32Array | null
  readonly testData: Points | null
  readonly testLabels: Int32Array | null
  readonly network: Network
  readonly model: tf.LayersModel
  /** The model that tells the classes of `labels` apart; `model` may be a part of it. */
  readonly classifier: Classifier
  /** Limit for working tensors in bytes. */
  readonly memory: number
  readonly step: number
}

/** Points of a group with what is known of each. */
export interface Sample {
  readonly points: PointsInput
  /** Where each point comes from: its index in the data that the group draws from. */
  readonly originIndex?: ArrayLike<number>
  /** The class of each point. */
  readonly labels?: ArrayLike<number>
}

/**
 * A group of points to measure at.
 *
 * The built-in groups are of this form too.
 *
 * ```ts
 * const corners: Group = {
 *   name: 'corners',
 *   sample: ({rng, n, data}) =>
 *     Float32Array.from({length: n * data.features}, () => Math.round(rng())),
 * }
 * linearRegionMonitor({data, groups: ['train', corners]})
 * ```
 */
export interface Group {
  readonly name: string
  /**
   * Points [n, ...input shape]: a tensor (disposed after use), nested arrays or a flat typed array.
   */
  readonly sample: (
    request: SampleRequest,
  ) => PointsInput | Sample | Promise<PointsInput> | Promise<Sample>
  /** Throws, before the training starts, where the group cannot be had from these data or model. */
  readonly check?: (
    given: Pick<
      SampleRequest,
      'n' | 'data' | 'labels' | 'testData' | 'model' | 'classifier' | 'memory'
    >,
  ) => void | Promise<void>
  /** How the points are made of the data, as JSON; the run's row has it in `environment.groups`. */
  readonly settings?: (data: Points) => object | Promise<object>
}
