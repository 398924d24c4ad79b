import type {Points} from '../points.js'
import type {Group} from './group.js'

/** Random points: each feature uniform between its least and its greatest value in the data. */
export const uniform: Group = {
  name: 'uniform',
  sample: ({rng, n, data}) => {
    const {least, greatest} = rangesOf(data)
    const points = new Float32Array(n * data.features)
    for (let index = 0; index < points.length; index++) {
      const low = least[index % data.features]!
      points[index] = low + rng() * (greatest[index % data.features]! - low)
    }
    return {points}
  },
}

interface Ranges {
  readonly least: Float32Array
  readonly greatest: Float32Array
}

const known = new WeakMap<Points, Ranges>()

function rangesOf(data: Points): Ranges {
  const ranges = known.get(data) ?? findRanges(data)
  known.set(data, ranges)
  return ranges
}

function findRanges({values, features}: Points): Ranges {
  const [least, greatest] = [values.slice(0, features), values.slice(0, features)]
  for (let index = features; index < values.length; index++) {
    const [value, feature] = [values[index]!, index % features]
    if (value < least[feature]!) least[feature] = value
    if (value > greatest[feature]!) greatest[feature] = value
  }
  return {least, greatest}
}
