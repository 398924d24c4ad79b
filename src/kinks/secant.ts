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
