import {once} from '../common/once.js'
import type {Elementwise} from './elementwise.js'
import type {Deviations} from './kink.js'

/** A function at the pre-activations of some points. */
export interface AtPoints {
  readonly units: number
  readonly f: Elementwise
  /** The pre-activations. */
  readonly center: Float32Array
  readonly gap: Float32Array
  /** Slope at each of them. */
  slopes(): Float32Array
  /** 1 for each with a slope; of a function that has one everywhere, for each on the right of its kink. Else 0. */
  active(): Float32Array
}

/** What deviations decide of each number. */
export interface Decided {
  /** The places of those that are not decided, in rising order. */
  readonly openAt: Int32Array
  /** The places of those that lie at a kink of theirs, and pass on what moves them up; in rising order. */
  readonly rising: Int32Array
  /** The slope of each decided unit. One that at most touches a kink from below lies left of it. */
  readonly slope: Float32Array
  /** Per point. Nearly all units are as they are at its center, so that only the others are counted. */
  counts(): {
    readonly unstable: Int32Array
    /** Units with both their thresholds within their deviations. */
    readonly doubles: Int32Array
    /** Decided units with a slope, over those that have one at the center. */
    readonly moreActive: Int32Array
  }
}

/**
 * What deviations decide: which numbers stay on one piece of the function, and with which slope.
 *
 * @param among the places that deviations may leave open or move off a kink, in rising order
 */
export function decide(own: AtPoints, deviations: Deviations, among: Int32Array): Decided {
  const {units, f, center: z} = own
  const {above} = deviations
  const {openAt, doubles, rising} = sortOut(own, deviations, among)
  let slope = own.slopes()
  if (rising.length > 0) {
    slope = slope.slice()
    for (const at of rising) slope[at] = f.slope(z[at]! + above[at]!, at % units)
  }
  const counts = once(() => countsOf(own, slope, openAt, doubles, rising))
  return {openAt, rising, slope, counts}
}

function countsOf(
  own: AtPoints,
  slope: Float32Array,
  openAt: Int32Array,
  doubles: readonly number[],
  rising: Int32Array,
): ReturnType<Decided['counts']> {
  const {units, f, center} = own
  const points = center.length / units
  const active = own.active()
  const unstable = new Int32Array(points)
  const double = new Int32Array(points)
  const moreActive = new Int32Array(points)
  for (const at of openAt) {
    const point = Math.floor(at / units)
    unstable[point]!++
    moreActive[point]! -= active[at]!
  }
  for (const at of doubles) double[Math.floor(at / units)]!++
  for (const at of rising) {
    const now = f.alwaysMoving || slope[at] !== 0 ? 1 : 0
    moreActive[Math.floor(at / units)]! += now - active[at]!
  }
  return {unstable, doubles: double, moreActive}
}

/** Which of the places are open, once or twice, and which rise. */
function sortOut({f, center: z, gap}: AtPoints, {below, above}: Deviations, among: Int32Array) {
  const {thresholds} = f
  const openAt = new Int32Array(among.length)
  const doubles: number[] = []
  const rising: number[] = []
  let count = 0
  for (let i = 0; i < among.length; i++) {
    const at = among[i]!
    let open = 0
    for (let k = 0; k < thresholds.length; k++) {
      const height = z[at]! - thresholds[k]!
      // Of what is no number nothing is known.
      if (!(below[at]! <= height || above[at]! <= -height)) open++
    }
    if (open > 0) openAt[count++] = at
    else if (gap[at] === 0 && above[at]! > 0) rising.push(at)
    if (open > 1) doubles.push(at)
  }
  return {openAt: openAt.subarray(0, count), doubles, rising: Int32Array.from(rising)}
}

/** Two lists in rising order as one. */
export function merged(a: Int32Array, b: Int32Array): Int32Array {
  return b.length === 0 ? a : Int32Array.from([...a, ...b]).sort()
}
