import type {LineLists} from './line-lists.js'
import {positivePart} from './positive-part.js'

/**
 * Passes one row, less another, through a kink of one number a unit: writes each entry times the slope of the line that its
 * sign asks for to a place that holds zeros.
 *
 * @param less where the row starts that is subtracted; -1: none is
 * @returns the slack
 */
export function passRow(
  {passing, bent}: LineLists,
  point: number,
  rows: Float32Array,
  from: number,
  less: number,
  sign: number,
  out: Float32Array,
  to: number,
): number {
  const {starts, units, slopes} = passing
  const end = starts[point + 1]!
  // No array is taken apart in these loops: that takes several times as long as they do.
  if (less < 0) {
    for (let k = starts[point]!; k < end; k++) {
      const j = units[k]!
      out[to + j] = sign * rows[from + j]! * slopes[k]!
    }
  } else {
    for (let k = starts[point]!; k < end; k++) {
      const j = units[k]!
      out[to + j] = sign * (rows[from + j]! - rows[less + j]!) * slopes[k]!
    }
  }
  if (!bent) return 0
  let slack = 0
  const last = bent.starts[point + 1]!
  for (let k = bent.starts[point]!; k < last; k++) {
    const j = bent.units[k]!
    const entry = sign * (less < 0 ? rows[from + j]! : rows[from + j]! - rows[less + j]!)
    const positive = positivePart(entry)
    const negative = positive - entry
    out[to + j] = positive * bent.lowerSlope[k]! - negative * bent.upperSlope[k]!
    slack += positive * bent.lowerGap[k]! + negative * bent.upperGap[k]!
  }
  return slack
}
