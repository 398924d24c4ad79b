import type {Points} from './points.js'

// few enough that a hopeless candidate is dropped early, enough that asking costs little
const block = 32

/**
 * Gives the Euclidean distance from a point to the nearest training point that is not the point
 * itself.
 *
 * Training points at distance 0, the point itself and its copies, are passed over: a ball of radius
 * 0 holds nothing to measure. Every training point is looked at, which for 60,000 images of 784
 * pixels takes some 50 ms a point.
 *
 * @param option the option that asks for it, for errors
 * @throws RangeError at once where all training points are the same
 */
export function nearestDistanceTo(data: Points, option = 'radii'): (point: Float32Array) => number {
  const {values, features} = data
  if (values.every((value, index) => value === values[index % features]))
    throw new RangeError(
      `${option}: 'nearest' is no radius: all examples of data are the same point`,
    )
  return (point) => nearestDistance(data, point)
}

function nearestDistance({values, count, features}: Points, point: Float32Array): number {
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
  return Math.sqrt(best)
}
