import type {KinkAtPoints, Lines} from '../kinks/kink.js'
import type {KinkInstruction} from '../program/program.js'
import {Passage} from '../simd/passage.js'
import type {WantedRow} from './row-grids.js'

/** Rows on their way through a chain, at the numbers that a kink reads. */
export interface ChainRows {
  /** One after the other, `[at least kept.length x units]`. */
  readonly rows: Float32Array
  /** Of each row, so far. */
  readonly slack: Float32Array
  /** Which rows they are. */
  readonly kept: readonly WantedRow[]
}

/** When a row goes no further than the numbers that a kink reads. */
export interface Stop {
  /** Of each number: what the square of an entry counts in the row's length. */
  readonly weights: Float64Array
  /** How long a row of length 1 there can be at the input. */
  readonly reach: number
  /**
   * Whether it is enough to know that a row is at most so long at the input. Asked while rows lie in the kernels' memory,
   * which it must not use.
   */
  enough(row: WantedRow, longest: number, slack: number): boolean
}

/**
 * Rows of a map's weights, passed through the kink that the map reads.
 *
 * @param weights `[units after the map x units of the kink]`
 * @param out takes the rows
 */
export function beginRows(
  {units}: KinkInstruction,
  lines: Lines,
  kinks: KinkAtPoints,
  wanted: readonly WantedRow[],
  weights: Float32Array,
  out: Float32Array,
): ChainRows {
  const rows = new Passage(lines, units)
  const slack = new Float32Array(wanted.length)
  for (let start = 0; start < wanted.length; start += rows.places) {
    const count = Math.min(rows.places, wanted.length - start)
    for (let k = 0; k < count; k++) {
      const {point, at, sign} = wanted[start + k]!
      rows.load(weights, kinks.first(at), 1, k)
      slack[start + k] = rows.pass(k, k, point, sign)
    }
    rows.store(out, start, count)
  }
  return {rows: out, slack, kept: wanted}
}

/**
 * Passes rows through a kink. Rows that may stop there are left out.
 *
 * @param out takes the rows that go on
 */
export function passRows(
  {units}: KinkInstruction,
  lines: Lines,
  {rows, slack, kept}: ChainRows,
  out: Float32Array,
  stop: Stop | undefined,
): ChainRows {
  const own = new Passage(lines, units, stop?.weights)
  const left: WantedRow[] = []
  const slacks = new Float32Array(kept.length)
  for (let start = 0; start < kept.length; start += own.places) {
    const count = Math.min(own.places, kept.length - start)
    own.load(rows, start, count, 0)
    const first = left.length
    for (let k = 0; k < count; k++) {
      const row = kept[start + k]!
      const place = left.length - first
      const sum = slack[start + k]! + own.pass(k, place, row.point, 1)
      if (stop?.enough(row, own.length(place) * stop.reach, sum)) continue
      slacks[left.length] = sum
      left.push(row)
    }
    own.store(out, first, left.length - first)
  }
  return {rows: out, slack: slacks, kept: left}
}
