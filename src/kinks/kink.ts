import type {Tensor2D} from '@tensorflow/tfjs'
import type {Ragged} from '../common/ragged.js'

/**
 * How far numbers can move on a ball around each point: they stay within [center - below, center +
 * above]. Kept as deviations because these keep their digits on small balls. Arrays are
 * `[points x numbers]`, row-major.
 */
export interface Deviations {
  readonly below: Float32Array
  readonly above: Float32Array
}

/**
 * Linear bounds across a kink on a ball. A unit reads K numbers (K = 1 but for a maximum), laid out
 * `[K x units]`; slopes are `[points x K x units]`, gaps `[points x units]`:
 *
 *     sum_k lowerSlope_k z'_k + c <= f(z') <= sum_k upperSlope_k z'_k + c'
 *
 * wherever the deviations hold. The lines are given by their slopes and by how far they lie from f at the
 * center, so that no intercepts, and no differences of large numbers, are needed: f(z) - lower line =
 * lowerGap >= 0, upper line - f(z) = upperGap >= 0.
 */
export interface Lines {
  readonly lowerSlope: Float32Array
  readonly upperSlope: Float32Array
  readonly lowerGap: Float32Array
  readonly upperGap: Float32Array
  /** Whether some unit has two different lines: where none has, the layer is affine on every ball. */
  readonly bent: boolean
  /** The places of those units, in rising order, where they are known already. */
  readonly bentAt?: Int32Array
}

/**
 * How outputs move against the center of a ball, as a line through the center and what is left of it:
 *
 *     |f(z') - f(z) - sum_k slope_k (z'_k - z_k)| <= halfWidth |z' - z|   and   <= gap
 *
 * wherever the deviations hold. `slope` is `[points x K x units]`, the others `[points x units]`. A maximum has no
 * half width: what is left of it is bounded by the gap alone.
 */
export interface Secants {
  readonly slope: Float32Array
  readonly halfWidth: Float32Array | undefined
  readonly gap: Float32Array
}

/** What the counting of regions needs to know of one layer on one ball. */
export interface UnitCounts {
  /** Units with an undecided kink. */
  readonly unstable: number
  /** Units that are decided with a slope. */
  readonly active: number
  /** Undecided kinks that are alone in their unit, or stand for themselves (the ties of a maximum). */
  readonly kinks: number
  /** Units with two parallel undecided kinks: a unit crosses one of them or the other. */
  readonly doubles: number
  /** Units whose output can move. */
  readonly moving: number
}

/** The numbers between two, which may be infinite. */
export type Range = readonly [least: number, greatest: number]

/** Any number at all. */
export const anything: Range = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]

/**
 * A continuous piecewise-linear function of one or more numbers a unit: where a network gets its
 * regions from.
 */
export interface Kink {
  /** Numbers that a unit reads; the input is `[K x units]`. */
  readonly candidates: number
  /** The largest Lipschitz constant of a unit. */
  readonly steepest: number
  /** Whether each unstable unit that is cut loses its dimension on one side (ReLU's slope 0). */
  readonly silent: boolean
  /** Whether no output falls where a number rises. */
  readonly monotone: boolean
  /** Whether each output is a number that it reads, or one of a few constants: then nothing is rounded. */
  readonly exact: boolean
  /** The least and the greatest output; -Infinity and Infinity where that is not known. */
  readonly range: Range
  /** Where a function of one number bends, from the least on; undefined of a maximum. */
  readonly thresholds?: readonly number[]
  /** Whether the function bends between two numbers, ends left out: a ReLU of what is never below 0 does not. */
  bendsWithin(range: Range): boolean
  /** Of a function of one number z that is z above 0: its slope below, the same or one for each unit. */
  readonly leftSlopes?: Float64Array | undefined
  /** `[points, K x units]` -> `[points, units]` */
  activation(preActivation: Tensor2D): Tensor2D
  /** The outputs of one point or several in float64: `[points, K x units]` -> `[points, units]`. */
  value64(preActivation: Float64Array): Float64Array
  /** The kink at given pre-activations. */
  at(preActivation: Float32Array, rounding: Float32Array): KinkAtPoints
}

/**
 * A kink at the pre-activations of some points. Whether a ball is cut is decided by *forms*, differences
 * of numbers that a unit reads: the pre-activation itself, or the winner of a maximum less a rival. `at`
 * counts them over all points: point * forms + form. Deviations that it has been asked about must not change afterwards.
 */
export interface KinkAtPoints {
  /** Forms of one point. */
  readonly forms: number
  /** Whether each form is one number, the one at the same place. */
  readonly plain: boolean
  /** Value of each form. */
  readonly center: Float32Array
  /** How far rounding may have moved each form. */
  readonly rounding: Float32Array
  /** How far each form is from its nearest kink: the numerator of its distance. Infinity: no kink. */
  readonly gap: Float32Array
  /** The exact gap, given the numbers that the form reads in float64. */
  gap64(first: number, second: number | undefined): number
  /** The number that the form at `at` reads, among a point's `K x units`. */
  first(at: number): number
  /** The number that it subtracts, or -1. */
  second(at: number): number
  /** The unit that a form belongs to. */
  unit(form: number): number
  /** Deviations of the forms from those of the numbers that the units read. */
  formDeviations(numbers: Deviations): Deviations
  /** Which sides of a form a kink lies within: 1 below, 2 above, 3 both, 0 decided. */
  openSides(at: number, below: number, above: number): 0 | 1 | 2 | 3
  /** The places of the forms with a kink that a ball leaves undecided, in rising order; undefined for a maximum. */
  openPlaces(forms: Deviations): Int32Array | undefined
  /**
   * Says that deviations are nowhere larger than others: only what those leave undecided has to be looked at again. They
   * must not have been asked about before.
   */
  narrow(forms: Deviations, within: Deviations): void
  /** Deviations of the outputs, from those of the numbers and of the forms. */
  image(numbers: Deviations, forms: Deviations): Deviations
  /** The lines of CROWN on a ball. Their arrays may be borrowed, for whoever asks to give back. */
  lines(forms: Deviations): Lines
  /** The lines of the region that each point lies in. */
  tangents(): Lines
  /** The lines through the center that are nearest to the function on a ball; borrowed likewise. */
  secants(forms: Deviations): Secants
  /**
   * What each of the forms at `places` would have to change by to reach each of its kinks that a ball leaves undecided,
   * where each kink is a hyperplane and no two of a form meet. Undefined for a maximum: its rivals tie among themselves
   * too.
   */
  changesToKinks(places: ArrayLike<number>, forms: Deviations): Ragged | undefined
  /** Squared share of the steepest slope that each unit may pass on; undefined where all count fully. Borrowed likewise. */
  passing(forms: Deviations): Float32Array | undefined
  /** Whether the output of the unit that reads the number at `at` alone is constant around its point, rounding or not. */
  surelyFlat(at: number): boolean
  /**
   * Which piece of its function each unit is on, `[points x units]`: how many of its kinks lie below its number,
   * or the place of a maximum's winner among its candidates. Points of one activation region have the same
   * pieces. With `onlySure`, -1 where rounding leaves the piece in doubt.
   */
  pieces(onlySure: boolean): Int32Array
  /** Counts at one point. */
  counts(point: number, forms: Deviations): UnitCounts
  /** Bounds that a person reads: of z, or of a maximum's margin over its best rival. `[points x units]` */
  bounds(forms: Deviations): {readonly lower: Float32Array; readonly upper: Float32Array}
}

/** Where a kink comes from: a PReLU's slopes are live weights, read anew for each program. */
export interface KinkSource {
  read(): Promise<Kink>
}

/** Whether a unit of one number is decided: it has one line, which is the function itself. */
export function isOneLine(
  {lowerSlope, upperSlope, lowerGap, upperGap}: Lines,
  at: number,
): boolean {
  return lowerSlope[at] === upperSlope[at] && lowerGap[at] === 0 && upperGap[at] === 0
}

/** Lines that meet: one slope a number, no gaps. */
export function straight(slopes: Float32Array): Lines {
  const none = new Float32Array(0)
  return {lowerSlope: slopes, upperSlope: slopes, lowerGap: none, upperGap: none, bent: false}
}
