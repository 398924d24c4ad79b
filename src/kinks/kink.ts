import type {Tensor2D} from '@tensorflow/tfjs'

/**
 * What is known of the pre-activations of one layer on a ball around each point: they stay within
 * [z - below, z + above]. Kept as deviations because these keep their digits on small balls.
 * All arrays are `[points x units]`, row-major.
 */
export interface Deviations {
  readonly below: Float32Array
  readonly above: Float32Array
}

/**
 * Linear bounds across a kink on a ball, for every unit of every point (`[points x units]`):
 * lowerSlope z' + c <= f(z') <= upperSlope z' + c' wherever z - below <= z' <= z + above. The lines are
 * given by their slopes and by how far they lie from f at the centre, so that no intercepts, and no
 * differences of large numbers, are needed: f(z) - lower line = lowerGap >= 0, upper line - f(z) = upperGap >= 0.
 */
export interface Lines {
  readonly lowerSlope: Float32Array
  readonly upperSlope: Float32Array
  readonly lowerGap: Float32Array
  readonly upperGap: Float32Array
  /** Whether some unit has two different lines: where none has, the layer is affine on every ball. */
  readonly bent: boolean
}

/** A continuous piecewise-linear function applied to every unit: where a network gets its regions from. */
export interface Kink {
  /** Kinks of one unit. */
  readonly kinks: number
  /** The largest |slope| of its pieces. */
  readonly steepest: number
  /** Whether a unit that is surely inactive passes nothing on (its slope is 0). */
  readonly silent: boolean
  /** `[points, units]` pre-activations -> `[points, units]` outputs */
  activation(preActivation: Tensor2D): Tensor2D
  /** The output for one pre-activation, in float64. */
  value(preActivation: number): number
  /** The slope of the piece on which each pre-activation lies. */
  slopes(preActivation: Float32Array): Float32Array
  /** The interval of the outputs, as deviations from the output at the centre. */
  image(preActivation: Float32Array, deviations: Deviations): Deviations
  /** The lines of CROWN. */
  lines(preActivation: Float32Array, deviations: Deviations): Lines
}

/** Whether a unit can change its sign on the ball: lower < 0 < upper. */
export function isUnstable(preActivation: number, below: number, above: number): boolean {
  return below > preActivation && above > -preActivation
}

/** Whether a unit is surely off, or at most touches its kink from below: upper <= 0. */
export function isInactive(preActivation: number, above: number): boolean {
  return above <= -preActivation
}
