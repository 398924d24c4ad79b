import type {Deviations, Secants} from './kink.js'

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
  const ends = corners(f, z - down, z + up)
  const centers = rounding > 0 ? corners(f, z - rounding, z + rounding) : [z]
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const x of centers) {
    const value = f.value(x, unit)
    for (const y of ends) {
      if (y === x) continue
      const slope = (f.value(y, unit) - value) / (y - x)
      if (slope < least) least = slope
      if (slope > most) most = slope
    }
  }
  return [least, most]
}

/** Both ends of an interval, and the thresholds within it. */
function corners({thresholds}: Bent, low: number, high: number): number[] {
  return [low, ...thresholds.filter((t) => low < t && t < high), high]
}

/** The secants of a kink that acts on every number alone; where it is decided, the function itself. */
export function secantsOf(
  units: number,
  f: Bent,
  z: Float32Array,
  rounding: Float32Array,
  {below, above}: Deviations,
  decided: {readonly openAt: Int32Array; readonly slope: Float32Array},
): Secants {
  const slope = decided.slope.slice()
  const halfWidth = new Float32Array(z.length)
  const gap = new Float32Array(z.length)
  for (const at of decided.openAt) {
    const [down, up] = [below[at]!, above[at]!]
    const [least, most] = secantSlopes(f, z[at]!, rounding[at]!, down, up, at % units)
    const middle = Math.fround((least + most) / 2)
    slope[at] = middle
    // The middle is rounded, and so is this.
    halfWidth[at] = Math.max(most - middle, middle - least) * (1 + 2 ** -22)
    gap[at] = halfWidth[at]! * Math.max(down, up) * (1 + 2 ** -22)
  }
  return {slope, halfWidth, gap}
}
