import {type Points, pointAt} from './points.js'
import {pick, randomStream} from './random.js'

const pairs = 10_000

/**
 * The median Euclidean distance between two training points: over all pairs where there are at most
 * 10,000, else estimated from 10,000 random ones, which are the same whatever the seed of the run.
 *
 * @param option the option that asks for it, for errors
 * @throws RangeError where more than half of the pairs are copies of one another
 */
export function medianPairDistance(data: Points, option = 'radii'): number {
  const {count} = data
  const distances = Float64Array.from(
    count * (count - 1) <= 2 * pairs ? allPairs(data) : some(data),
  )
  distances.sort()
  const [low, high] = [(distances.length - 1) >> 1, distances.length >> 1]
  const median = (distances[low]! + distances[high]!) / 2
  if (median > 0) return median
  throw new RangeError(
    `${option}: 'median-pair' is no radius: the median distance between two of the ${count} examples of data ` +
      `is ${distances.length ? 0 : 'unknown'}; give a plain number`,
  )
}

function* allPairs(data: Points): Generator<number> {
  for (let one = 0; one < data.count; one++)
    for (let other = 0; other < one; other++)
      yield distance(pointAt(data, one), pointAt(data, other))
}

function* some(data: Points): Generator<number> {
  const rng = randomStream('median-pair')
  for (let pair = 0; pair < pairs; pair++) {
    const [one = 0] = pick(rng, 1, data.count)
    const [shift = 0] = pick(rng, 1, data.count - 1)
    yield distance(pointAt(data, one), pointAt(data, (one + 1 + shift) % data.count))
  }
}

function distance(one: Float32Array, other: Float32Array): number {
  let sum = 0
  for (let feature = 0; feature < one.length; feature++)
    sum += (one[feature]! - other[feature]!) ** 2
  return Math.sqrt(sum)
}
