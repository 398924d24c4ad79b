import type {Points} from '../points.js'

/** The least and the greatest value of each feature, and of them all. */
export interface Ranges {
  readonly least: Float32Array
  readonly greatest: Float32Array
  readonly overall: {readonly least: number; readonly greatest: number}
}

const known = new WeakMap<Points, Ranges>()

/** The ranges of the data, looked through once. */
export function rangesOf(data: Points): Ranges {
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
  const overall = {
    least: least.reduce((one, other) => Math.min(one, other)),
    greatest: greatest.reduce((one, other) => Math.max(one, other)),
  }
  return {least, greatest, overall}
}
