import {type BentUnits, bentUnits} from '../bent-units.js'
import type {Lines} from '../kinks/kink.js'
import {onceFor} from '../once.js'
import {positivePart} from '../positive-part.js'
import {clearOutside, type Places, runSize, runsOf, type WindowRows} from './rows.js'
import {type ImageShape, imageSize} from './window.js'

/** The lines of a kink, as runs of numbers want them. */
interface RunLines {
  /** The slope of each unit of one line; 1 for the others, whose entries are passed apart from these. */
  readonly slopes: Float32Array
  readonly bent: BentUnits
  /** How many bent units there are before each unit, over all points. */
  readonly before: Int32Array
}

const runLines = onceFor(layOut)

function layOut(lines: Lines, units: number): RunLines {
  const bent = bentUnits(lines, units)
  const slopes = lines.lowerSlope.slice()
  const before = new Int32Array(slopes.length + 1)
  for (let point = 0, k = 0, at = 0; point < bent.starts.length - 1; point++) {
    for (const end = bent.starts[point + 1]!; k < end; k++) {
      const place = point * units + bent.units[k]!
      slopes[place] = 1
      while (at <= place) before[at++] = k
    }
    for (const end = (point + 1) * units; at <= end; at++) before[at] = k
  }
  return {slopes, bent, before}
}

/** Puts rows through the lines of a kink in place, adds what the lines' gaps make to `slack`, and clears what lies outside. */
export function passKinkInPlace(
  {values, window}: WindowRows,
  places: Places,
  shape: ImageShape,
  lines: Lines,
  slack: Float32Array,
): Float32Array {
  const units = imageSize(shape)
  const runs = runsOf(places, window, shape)
  if (lines.bent) passRuns(values, runs, places.points, units, runLines(lines, units), slack)
  else {
    for (let r = 0; r < runs.length; r += runSize) {
      const at = places.points[runs[r]!]! * units + runs[r + 2]!
      multiply(values, runs[r + 1]!, lines.lowerSlope, at, runs[r + 3]!)
    }
  }
  return clearOutside(values, runs)
}

function passRuns(
  values: Float32Array,
  runs: Int32Array,
  points: Int32Array,
  units: number,
  {slopes, bent, before}: RunLines,
  slack: Float32Array,
): void {
  const {units: bentAt, lowerSlope, upperSlope, lowerGap, upperGap} = bent
  for (let r = 0; r < runs.length; r += runSize) {
    const row = runs[r]!
    const from = runs[r + 1]!
    const unit = runs[r + 2]!
    const count = runs[r + 3]!
    const at = points[row]! * units + unit
    const end = before[at + count]!
    let sum = 0
    // Few units are bent; all others need one product.
    for (let b = before[at]!; b < end; b++) {
      const k = from + bentAt[b]! - unit
      const entry = values[k]!
      const positive = positivePart(entry)
      const negative = positive - entry
      values[k] = positive * lowerSlope[b]! - negative * upperSlope[b]!
      sum += positive * lowerGap[b]! + negative * upperGap[b]!
    }
    slack[row]! += sum
    multiply(values, from, slopes, at, count)
  }
}

function multiply(
  values: Float32Array,
  from: number,
  factors: Float32Array,
  at: number,
  count: number,
): void {
  for (let k = 0; k < count; k++) values[from + k]! *= factors[at + k]!
}
