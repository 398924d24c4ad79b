import {type BentUnits, bentUnits} from '../bent-units.js'
import type {Lines} from '../kinks/kink.js'
import {onceFor} from '../once.js'
import {kernels, workspace} from '../simd/index.js'
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
  const floats = values.length + slopes.length + slack.length
  const ints = runs.length + points.length + before.length
  const room = workspace(4 * (floats + ints + 5 * bentAt.length) + 8 * 16)
  const float32 = (numbers: Float32Array) => {
    const own = room.float32(numbers.length)
    own.set(numbers)
    return own
  }
  const int32 = (numbers: Int32Array) => {
    const own = room.int32(numbers.length)
    own.set(numbers)
    return own.byteOffset
  }
  const [own, ownSlack] = [float32(values), float32(slack)]
  const lines = room.float32(5 * bentAt.length)
  new Int32Array(lines.buffer, lines.byteOffset, bentAt.length).set(bentAt)
  for (const [k, line] of [lowerSlope, upperSlope, lowerGap, upperGap].entries()) {
    lines.set(line, (k + 1) * bentAt.length)
  }
  kernels().passRuns(
    own.byteOffset,
    int32(runs),
    runs.length / runSize,
    int32(points),
    units,
    float32(slopes).byteOffset,
    int32(before),
    lines.byteOffset,
    bentAt.length,
    ownSlack.byteOffset,
  )
  values.set(own)
  slack.set(ownSlack)
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
