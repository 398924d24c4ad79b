import type {Points} from './points.js'

// few enough that a hopeless candidate is dropped early, enough that asking costs little
const block = 32

/**
 * The Euclidean distance from a point to the nearest training point that is not the point itself.
 *
 * Training points at distance 0, the point itself and its copies, are passed over: a ball of radius
 * 0 holds nothing to measure.
 *
 * @throws RangeError where all training points are copies of the point
 */
export function nearestDistance({values, count, features}: Points, point: Float32Array): number {
  let best = Infinity
  for (let index = 0; index < count; index++) {
    const start = index * features
    let sum = 0
    for (let from = 0; from < features && sum < best; from += block) {
      const end = Math.min(features, from + block)
      for (let feature = from; feature < end; feature++) {
        const difference = point[feature]! - values[start + feature]!
        sum += difference * difference
      }
    }
    if (sum > 0 && sum < best) best = sum
  }
  if (best < Infinity) return Math.sqrt(best)
  throw new RangeError("radii: 'nearest' is no radius: all examples of data are the same point")
}
