import {type BentUnits, bentUnits} from './bent-units.js'
import type {KinkAtPoints, Lines} from './kinks/kink.js'
import {passRow, putRight} from './pass-on-host.js'
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
  const bent = lines.bent ? bentUnits(lines, units) : undefined
  const slack = new Float32Array(wanted.length)
  wanted.forEach(({point, at, sign}, r) => {
    const [from, to] = [kinks.first(at) * units, r * units]
    passRow(weights, from, -1, sign, lines.lowerSlope, point * units, units, out, to)
    if (bent) slack[r] = putRight(bent, point, weights, from, -1, sign, out, to)
  })
  return {rows: out, slack, kept: wanted}
}

/**
 * Passes rows through a kink: all entries take the lower slope, and those of the bent units of a row's point, which are few,
 * are put right. Rows that may stop there are left out.
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
  const bent = lines.bent ? bentUnits(lines, units) : undefined
  const left: WantedRow[] = []
  const slacks = new Float32Array(kept.length)
  for (const [r, row] of kept.entries()) {
    const [from, to, at] = [r * units, left.length * units, row.point * units]
    let squares = 0
    if (stop) squares = passAndSum(rows, from, lines.lowerSlope, at, units, out, to, stop.weights)
    else passRow(rows, from, -1, 1, lines.lowerSlope, at, units, out, to)
    let total = slack[r]!
    if (bent) {
      if (stop) squares -= sumOfBent(bent, row.point, out, to, stop.weights)
      total += putRight(bent, row.point, rows, from, -1, 1, out, to)
      if (stop) squares += sumOfBent(bent, row.point, out, to, stop.weights)
    }
    if (stop?.enough(row, Math.sqrt(Math.max(0, squares)) * stop.reach, total)) continue
    slacks[left.length] = total
    left.push(row)
  }
  return {rows: out, slack: slacks, kept: left}
}

/** One row times slopes, as `passRow`, and the weighted sum of the squares of what comes out. Four sums do not wait for each other. */
function passAndSum(
  rows: Float32Array,
  from: number,
  slopes: Float32Array,
  slopesAt: number,
  n: number,
  out: Float32Array,
  to: number,
  weights: Float64Array,
): number {
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  let j = 0
  for (; j + 3 < n; j += 4) {
    const v = rows[from + j]! * slopes[slopesAt + j]!
    const w = rows[from + j + 1]! * slopes[slopesAt + j + 1]!
    const x = rows[from + j + 2]! * slopes[slopesAt + j + 2]!
    const y = rows[from + j + 3]! * slopes[slopesAt + j + 3]!
    out[to + j] = v
    out[to + j + 1] = w
    out[to + j + 2] = x
    out[to + j + 3] = y
    a += v * v * weights[j]!
    b += w * w * weights[j + 1]!
    c += x * x * weights[j + 2]!
    d += y * y * weights[j + 3]!
  }
  for (; j < n; j++) {
    const v = rows[from + j]! * slopes[slopesAt + j]!
    out[to + j] = v
    a += v * v * weights[j]!
  }
  return a + b + c + d
}

/** The part of that sum which the bent units of a point have. */
function sumOfBent(
  {starts, units}: BentUnits,
  point: number,
  out: Float32Array,
  to: number,
  weights: Float64Array,
): number {
  let sum = 0
  for (let k = starts[point]!, end = starts[point + 1]!; k < end; k++) {
    const j = units[k]!
    sum += out[to + j]! ** 2 * weights[j]!
  }
  return sum
}
