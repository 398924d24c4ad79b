import type {Spread} from '../bounds/flats/spread.js'
import {borrow} from '../common/spare-arrays.js'
import {type Places, runSize, runsOf, type WindowRows} from './rows.js'
import type {ImageShape} from './window.js'
import type {Stacked} from './window-grams.js'

/** What rows hold in the columns that have a weight: the entries of row r are those from `starts[r]` on. */
export interface Entries {
  readonly starts: Int32Array
  /** Which of its point's columns each is in. */
  readonly columns: Int32Array
  readonly values: Float32Array
}

/**
 * The entries of rows in columns that have a weight, times it: of a window of hundreds of numbers, a few.
 *
 * @param scales what to multiply each point's rows with
 */
export function entriesOf(
  {values, window}: WindowRows,
  {places, rowsPerPoint}: Stacked,
  shape: ImageShape,
  spread: Spread,
  scales: Float32Array,
): Entries {
  const {units, weights} = spread
  const runs = runsOf(places, window, shape)
  const within = columnsInRuns(runs, places, spread)
  const starts = new Int32Array(places.points.length + 1)
  for (let r = 0, w = 0; r < runs.length; r += runSize, w += 2) {
    starts[runs[r]! + 1]! += within[w + 1]! - within[w]!
  }
  for (let row = 0; row < places.points.length; row++) starts[row + 1]! += starts[row]!
  const columns = new Int32Array(starts.at(-1)!)
  const found = new Float32Array(columns.length)
  // The runs of a row follow each other, and rows too.
  for (let r = 0, w = 0, to = 0; r < runs.length; r += runSize, w += 2) {
    const row = runs[r]!
    const first = spread.starts[places.points[row]!]!
    const offset = runs[r + 1]! - runs[r + 2]!
    const scale = scales[Math.floor(row / rowsPerPoint)]!
    for (let k = within[w]!; k < within[w + 1]!; k++, to++) {
      columns[to] = k - first
      found[to] = values[offset + units[k]!]! * scale * weights[k]!
    }
  }
  return {starts, columns, values: found}
}

/** Of each run the first column in it, and the first after it. */
function columnsInRuns(runs: Int32Array, {points}: Places, {starts, units}: Spread): Int32Array {
  const within = new Int32Array((2 * runs.length) / runSize)
  let before = -1
  let k = 0
  for (let r = 0, w = 0; r < runs.length; r += runSize, w += 2) {
    const row = runs[r]!
    const last = starts[points[row]! + 1]!
    // A row's runs lie one after another in the image.
    if (row !== before) k = starts[points[row]!]!
    before = row
    k = firstFrom(units, k, last, runs[r + 2]!)
    within[w] = k
    k = firstFrom(units, k, last, runs[r + 2]! + runs[r + 3]!)
    within[w + 1] = k
  }
  return within
}

/** The first place in [from, end) of a rising list whose number is no less than `least`, or the end. */
function firstFrom(list: Int32Array, from: number, end: number, least: number): number {
  let low = from
  let high = end
  while (low < high) {
    const middle = (low + high) >> 1
    if (list[middle]! < least) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * The products of each point's rows with each other, from their entries: column by column, of the rows that have one there.
 *
 * @returns `[points x rows x rows]`, of which the lower triangle is written; borrowed
 */
export function entryGrams(
  {starts, columns, values}: Entries,
  {places, rowsPerPoint, filled}: Stacked,
): Float32Array {
  const count = places.points.length
  const grams = borrow(count * rowsPerPoint).fill(0)
  const sums = new Float64Array(rowsPerPoint)
  const width = greatest(columns) + 1
  // Of each column of a point the rows met so far that have an entry there, side by side.
  const [begins, ends] = [new Int32Array(width + 1), new Int32Array(width)]
  const longest = mostEntries(starts, rowsPerPoint)
  const [rowsOf, entries] = [new Int32Array(longest), new Float32Array(longest)]
  for (let first = 0, point = 0; first < count; first += rowsPerPoint, point++) {
    const rows = filled?.[point] ?? rowsPerPoint
    begins.fill(0)
    for (let e = starts[first]!; e < starts[first + rows]!; e++) begins[columns[e]! + 1]!++
    for (let column = 0; column < width; column++) {
      begins[column + 1]! += begins[column]!
      ends[column] = begins[column]!
    }
    for (let row = 0; row < rows; row++) {
      const end = starts[first + row + 1]!
      if (starts[first + row] === end) continue
      sums.fill(0, 0, row + 1)
      for (let e = starts[first + row]!; e < end; e++) {
        const column = columns[e]!
        const value = values[e]!
        const last = ends[column]!
        rowsOf[last] = row
        entries[last] = value
        ends[column] = last + 1
        for (let o = begins[column]!; o <= last; o++) sums[rowsOf[o]!]! += value * entries[o]!
      }
      const line = (first + row) * rowsPerPoint
      for (let other = 0; other <= row; other++) grams[line + other] = sums[other]!
    }
  }
  return grams
}

/** -1 where there is none. */
function greatest(columns: Int32Array): number {
  let most = -1
  for (const column of columns) if (column > most) most = column
  return most
}

/** Most entries of a point. */
function mostEntries(starts: Int32Array, rowsPerPoint: number): number {
  let most = 0
  for (let row = 0; row + rowsPerPoint < starts.length; row += rowsPerPoint)
    most = Math.max(most, starts[row + rowsPerPoint]! - starts[row]!)
  return most
}

/** The entries as rows of all columns of a point, `[rows x size]`. */
export function asRows({starts, columns, values}: Entries, size: number): Float32Array {
  const rows = new Float32Array((starts.length - 1) * size)
  for (let row = 0; row < starts.length - 1; row++) {
    for (let e = starts[row]!; e < starts[row + 1]!; e++)
      rows[row * size + columns[e]!] = values[e]!
  }
  return rows
}
