import {tensor2d} from '@tensorflow/tfjs'
import type {AffineMap} from '../affine/affine-map.js'
import type {Lines} from '../kinks/kink.js'
import type {KinkInstruction} from '../program/program.js'
import {Passage} from '../simd/passage.js'
import type {RowGrid, Seeds} from './pull-back.js'

/**
 * Rows through a kink of one number a unit.
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
  const rows = new Passage(own, units)
  for (let start = 0; start < first.length; start += rows.places) {
    const count = Math.min(rows.places, first.length - start)
    for (let k = 0; k < count; k++) {
      const r = start + k
      rows.load(weights, first[r]!, 1, k)
      if (second) rows.subtract(weights, second[r]!, k)
      const slack = rows.pass(k, k, points[Math.floor(r / rowsPerPoint)]!, signs[r]!)
      if (slacks) slacks[r] = slack
    }
    rows.store(passed, start, count)
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
