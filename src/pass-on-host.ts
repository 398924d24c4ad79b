import {tensor2d} from '@tensorflow/tfjs'
import type {AffineMap} from './affine/affine-map.js'
import {type BentUnits, bentUnits} from './bent-units.js'
import type {Lines} from './kinks/kink.js'
import type {KinkInstruction} from './program.js'
import type {RowGrid, Seeds} from './pull-back.js'

/**
 * Rows through a kink of one number a unit. Few units are bent at a point: all numbers take the lower slope, and those of
 * the bent units are put right.
 *
 * @param weights `[numbers x units]`
 */
export function passedOnHost(
  weights: Float32Array,
  {units, input: value}: KinkInstruction,
  own: Lines,
  {points, rowsPerPoint, first, second, signs}: RowGrid,
): Seeds {
  const passed = new Float32Array(first.length * units)
  const slacks = own.bent ? new Float32Array(first.length) : undefined
  const bent = own.bent ? bentUnits(own, units) : undefined
  for (let p = 0, r = 0; p < points.length; p++) {
    const point = points[p]!
    for (const end = r + rowsPerPoint; r < end; r++) {
      const from = first[r]! * units
      const less = second ? second[r]! * units : -1
      passRow(
        weights,
        from,
        less,
        signs[r]!,
        own.lowerSlope,
        point * units,
        units,
        passed,
        r * units,
      )
      if (bent)
        slacks![r] = putRight(bent, point, weights, from, less, signs[r]!, passed, r * units)
    }
  }
  return {
    value,
    rows: [[value, tensor2d(passed, [first.length, units])]],
    ...(slacks && {slack: tensor2d(slacks, [points.length, rowsPerPoint])}),
  }
}

/** The same for rows of few entries, each by itself. */
export function entriesPassed(
  {rowEntries}: AffineMap,
  {units, input: value}: KinkInstruction,
  {lowerSlope, upperSlope, lowerGap, upperGap, bent}: Lines,
  {points, rowsPerPoint, first, second, signs}: RowGrid,
): Seeds {
  const rows = new Float32Array(first.length * units)
  const slacks = bent ? new Float32Array(first.length) : undefined
  const pass = (r: number, at: number, place: number, entry: number) => {
    const positive = entry > 0
    rows[place] = entry * (positive ? lowerSlope[at]! : upperSlope[at]!)
    if (slacks) slacks[r]! += positive ? entry * lowerGap[at]! : -entry * upperGap[at]!
  }
  first.forEach((number, r) => {
    const [start, to] = [points[Math.floor(r / rowsPerPoint)]! * units, r * units]
    const sign = signs[r]!
    if (!second) {
      rowEntries!(number, (j, weight) => pass(r, start + j, to + j, Math.fround(sign * weight)))
      return
    }
    // Both rows have to be there before any entry passes.
    rowEntries!(number, (j, weight) => {
      rows[to + j] = sign * weight
    })
    rowEntries!(second[r]!, (j, weight) => {
      rows[to + j]! -= sign * weight
    })
    for (let j = 0; j < units; j++) {
      if (rows[to + j] !== 0) pass(r, start + j, to + j, rows[to + j]!)
    }
  })
  return {
    value,
    rows: [[value, tensor2d(rows, [first.length, units])]],
    ...(slacks && {slack: tensor2d(slacks, [points.length, rowsPerPoint])}),
  }
}

/** One row times slopes, from one place of `weights` to another of `out`; `less` is the place of what is subtracted, or -1. */
export function passRow(
  weights: Float32Array,
  from: number,
  less: number,
  sign: number,
  slopes: Float32Array,
  slopesAt: number,
  n: number,
  out: Float32Array,
  to: number,
): void {
  let j = 0
  if (less >= 0) {
    for (; j < n; j++) {
      out[to + j] = sign * (weights[from + j]! - weights[less + j]!) * slopes[slopesAt + j]!
    }
    return
  }
  // Four at a time: a fifth faster.
  for (; j + 3 < n; j += 4) {
    out[to + j] = sign * weights[from + j]! * slopes[slopesAt + j]!
    out[to + j + 1] = sign * weights[from + j + 1]! * slopes[slopesAt + j + 1]!
    out[to + j + 2] = sign * weights[from + j + 2]! * slopes[slopesAt + j + 2]!
    out[to + j + 3] = sign * weights[from + j + 3]! * slopes[slopesAt + j + 3]!
  }
  for (; j < n; j++) out[to + j] = sign * weights[from + j]! * slopes[slopesAt + j]!
}

/** Puts the entries of a point's row at bent units through their own lines, and returns the slack. */
export function putRight(
  {starts, units, lowerSlope, upperSlope, lowerGap, upperGap}: BentUnits,
  point: number,
  weights: Float32Array,
  from: number,
  less: number,
  sign: number,
  out: Float32Array,
  to: number,
): number {
  let slack = 0
  for (let k = starts[point]!, end = starts[point + 1]!; k < end; k++) {
    const j = units[k]!
    const entry = sign * (less < 0 ? weights[from + j]! : weights[from + j]! - weights[less + j]!)
    // No branch on a sign, which nothing could predict.
    const positive = Math.max(entry, 0)
    const negative = positive - entry
    out[to + j] = positive * lowerSlope[k]! - negative * upperSlope[k]!
    slack += positive * lowerGap[k]! + negative * upperGap[k]!
  }
  return slack
}
