import type {KinkAtPoints, Lines} from './kinks/kink.js'
import {type LineLists, lineLists} from './line-lists.js'
import {passRow} from './pass-row.js'
import {positivePart} from './positive-part.js'
import type {KinkInstruction} from './program.js'
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
  /** Whether it is enough to know that a row is at most so long at the input. */
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
  const own = lineLists(lines, units)
  const slack = new Float32Array(wanted.length)
  out.fill(0, 0, wanted.length * units)
  for (let r = 0; r < wanted.length; r++) {
    const {point, at, sign} = wanted[r]!
    slack[r] = passRow(own, point, weights, kinks.first(at) * units, -1, sign, out, r * units)
  }
  return {rows: out, slack, kept: wanted}
}

/**
 * Passes rows through a kink. Rows that may stop there are left out; their lengths are known before anything is written.
 *
 * @param out takes the rows that go on; not where they are now
 */
export function passRows(
  {units}: KinkInstruction,
  lines: Lines,
  {rows, slack, kept}: ChainRows,
  out: Float32Array,
  stop: Stop | undefined,
): ChainRows {
  const own = lineLists(lines, units)
  const left: WantedRow[] = []
  const slacks = new Float32Array(kept.length)
  for (let r = 0; r < kept.length; r++) {
    const [row, from, to] = [kept[r]!, r * units, left.length * units]
    const before = slack[r]!
    if (stop) {
      const {length, added} = lengthAfter(own, row.point, rows, from, stop.weights)
      if (stop.enough(row, length * stop.reach, before + added)) continue
    }
    out.fill(0, to, to + units)
    slacks[left.length] = before + passRow(own, row.point, rows, from, -1, 1, out, to)
    left.push(row)
  }
  return {rows: out, slack: slacks, kept: left}
}

/** How long a row would be that `passRow` writes, its squares weighted, and the slack. */
function lengthAfter(
  {passing, bent}: LineLists,
  point: number,
  rows: Float32Array,
  from: number,
  weights: Float64Array,
): {length: number; added: number} {
  const {starts, units, slopes} = passing
  // Two sums do not wait for each other.
  let even = 0
  let odd = 0
  let k = starts[point]!
  const end = starts[point + 1]!
  for (; k + 1 < end; k += 2) {
    const i = units[k]!
    const j = units[k + 1]!
    const v = rows[from + i]! * slopes[k]!
    const w = rows[from + j]! * slopes[k + 1]!
    even += v * v * weights[i]!
    odd += w * w * weights[j]!
  }
  if (k < end) {
    const v = rows[from + units[k]!]! * slopes[k]!
    even += v * v * weights[units[k]!]!
  }
  let squares = even + odd
  let added = 0
  if (bent) {
    for (k = bent.starts[point]!; k < bent.starts[point + 1]!; k++) {
      const j = bent.units[k]!
      const entry = rows[from + j]!
      const positive = positivePart(entry)
      const negative = positive - entry
      const v = positive * bent.lowerSlope[k]! - negative * bent.upperSlope[k]!
      squares += v * v * weights[j]!
      added += positive * bent.lowerGap[k]! + negative * bent.upperGap[k]!
    }
  }
  return {length: Math.sqrt(squares), added}
}
