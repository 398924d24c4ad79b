import {borrow} from '../common/spare-arrays.js'
import type {Deviations, Secants} from './kink.js'

/** So far from any number that slopes to there are those to infinity, and numbers still. */
const far = 1e300

/** A continuous function of one number a unit, linear between its thresholds. */
export interface Bent {
  readonly thresholds: readonly number[]
  value(z: number, unit: number): number
}

/**
 * The least and the greatest slope (f(y) - f(x)) / (y - x) of the lines from a center x to the points y of
 * [z - down, z + up], where x is z up to `rounding`.
 *
 * Between two corners f is linear, so that the slope is monotone in y, and in x likewise: the extremes are at ends
 * and corners. For a ReLU and z > 0 they are z / (z + |lo|) and 1, where the function's own slopes are 0 and 1.
 */
export function secantSlopes(
  f: Bent,
  z: number,
  rounding: number,
  down: number,
  up: number,
  unit: number,
): [least: number, most: number] {
  const {thresholds} = f
  let least = Number.POSITIVE_INFINITY
  let most = Number.NEGATIVE_INFINITY
  for (let i = 0; i < thresholds.length + 2; i++) {
    const x = corner(thresholds, i, z - rounding, z + rounding)
    const value = f.value(x, unit)
    for (let j = 0; j < thresholds.length + 2; j++) {
      const y = corner(thresholds, j, Math.max(z - down, -far), Math.min(z + up, far))
      if (y === x) continue
      const slope = (f.value(y, unit) - value) / (y - x)
      if (slope < least) least = slope
      if (slope > most) most = slope
    }
  }
  return [least, most]
}

/** Both ends of an interval, and the thresholds within it; the low end again in place of those beyond. */
function corner(thresholds: readonly number[], k: number, low: number, high: number): number {
  if (k >= thresholds.length) return k === thresholds.length ? low : high
  const t = thresholds[k]!
  return low < t && t < high ? t : low
}

/**
 * The secants of a kink that acts on every number alone; where it is decided, the function itself. Arrays are borrowed.
 */
export function secantsOf(
  units: number,
  f: Bent,
  z: Float32Array,
  rounding: Float32Array,
  {below, above}: Deviations,
  decided: {readonly openAt: Int32Array; readonly slope: Float32Array},
): Secants {
  const slope = borrow(z.length)
  slope.set(decided.slope)
  const halfWidth = borrow(z.length).fill(0)
  const gap = borrow(z.length).fill(0)
  for (const at of decided.openAt) {
    const down = below[at]!
    const up = above[at]!
    const [least, most] = secantSlopes(f, z[at]!, rounding[at]!, down, up, at % units)
    const middle = Math.fround((least + most) / 2)
    slope[at] = middle
    // The middle is rounded, and so is this.
    halfWidth[at] = Math.max(most - middle, middle - least) * (1 + 2 ** -22)
    gap[at] = halfWidth[at]! * Math.max(down, up) * (1 + 2 ** -22)
  }
  return {slope, halfWidth, gap}
}
