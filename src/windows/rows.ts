import type {Lines} from '../kinks/kink.js'
import type {ImageShape, Span, Window} from './window.js'

/** The points, and the places in the layer, of the units that rows belong to. */
export interface Places {
  readonly points: Int32Array
  readonly down: Int32Array
  readonly across: Int32Array
}

/** Rows that are 0 outside of a window: `[rows x height x width x channels]` of it. */
export interface WindowRows {
  readonly values: Float32Array
  readonly window: Window
}

/** Shows each run of numbers of each row that lie side by side inside the image: where it begins in both, and how many. */
export function eachRun(
  places: Places,
  [down, across]: Window,
  {height, width, channels}: ImageShape,
  show: (row: number, inWindow: number, inImage: number, count: number) => void,
): void {
  const size = down.length * across.length * channels
  for (let row = 0; row < places.points.length; row++) {
    const top = beginOf(down, places.down[row]!)
    const left = beginOf(across, places.across[row]!)
    const from = Math.max(0, -left)
    const count = (Math.min(across.length, width - left) - from) * channels
    if (count <= 0) continue
    for (let i = Math.max(0, -top), end = Math.min(down.length, height - top); i < end; i++) {
      const inWindow = row * size + (i * across.length + from) * channels
      show(row, inWindow, ((top + i) * width + left + from) * channels, count)
    }
  }
}

function beginOf({start, step}: Span, place: number): number {
  return start + step * place
}

/** The sum of rows on windows of their own, on one that covers them all. */
export function gather(
  arrived: readonly WindowRows[],
  places: Places,
  window: Window,
  {channels}: ImageShape,
): Float32Array {
  const [down, across] = window
  const size = down.length * across.length * channels
  const out = new Float32Array(places.points.length * size)
  for (const {values, window: own} of arrived) {
    const [ownDown, ownAcross] = own
    const line = ownAcross.length * channels
    for (let row = 0, from = 0; row < places.points.length; row++) {
      const top = beginOf(ownDown, places.down[row]!) - beginOf(down, places.down[row]!)
      const left = beginOf(ownAcross, places.across[row]!) - beginOf(across, places.across[row]!)
      const first = Math.max(0, -left) * channels
      const last = Math.min(ownAcross.length, across.length - left) * channels
      for (let i = 0; i < ownDown.length; i++, from += line) {
        if (top + i < 0 || top + i >= down.length) continue
        const to = row * size + ((top + i) * across.length + left) * channels
        for (let k = first; k < last; k++) out[to + k]! += values[from + k]!
      }
    }
  }
  return out
}

/** Puts rows through the lines of a kink in place, adds what the lines' gaps make to `slack`, and clears what lies outside. */
export function passKinkInPlace(
  {values, window}: WindowRows,
  places: Places,
  shape: ImageShape,
  {lowerSlope, upperSlope, lowerGap, upperGap, bent}: Lines,
  slack: Float32Array,
): Float32Array {
  const units = shape.height * shape.width * shape.channels
  return overImage(values, window, places, shape, (row, from, inImage, count) => {
    const start = places.points[row]! * units + inImage
    if (!bent) {
      for (let k = 0; k < count; k++) values[from + k]! *= lowerSlope[start + k]!
      return
    }
    let sum = 0
    for (let k = 0; k < count; k++) {
      const entry = values[from + k]!
      const at = start + k
      // No branch on a sign, which nothing could predict.
      const positive = Math.max(entry, 0)
      const negative = positive - entry
      values[from + k] = positive * lowerSlope[at]! - negative * upperSlope[at]!
      sum += positive * lowerGap[at]! + negative * upperGap[at]!
    }
    slack[row]! += sum
  })
}

/** Multiplies rows with one number for each place of the image, where there are any, and clears what lies outside. In place. */
export function scaleInPlace(
  {values, window}: WindowRows,
  places: Places,
  shape: ImageShape,
  scale: Float64Array | undefined,
): Float32Array {
  return overImage(values, window, places, shape, (_, from, inImage, count) => {
    if (!scale) return
    for (let k = 0; k < count; k++) values[from + k]! *= scale[inImage + k]!
  })
}

/** Changes the runs inside the image in place, and clears what lies outside of it. */
function overImage(
  values: Float32Array,
  window: Window,
  places: Places,
  shape: ImageShape,
  change: (row: number, inWindow: number, inImage: number, count: number) => void,
): Float32Array {
  let cleared = 0
  eachRun(places, window, shape, (row, from, inImage, count) => {
    if (cleared < from) values.fill(0, cleared, from)
    cleared = from + count
    change(row, from, inImage, count)
  })
  return values.fill(0, cleared)
}

/** Of each row the sum over the image of squares, or of sizes. */
export function sums(
  {values, window}: WindowRows,
  places: Places,
  shape: ImageShape,
  squared: boolean,
): Float64Array {
  const found = new Float64Array(places.points.length)
  eachRun(places, window, shape, (row, from, _, count) => {
    let sum = 0
    for (let k = from; k < from + count; k++) {
      sum += squared ? values[k]! * values[k]! : Math.abs(values[k]!)
    }
    found[row]! += sum
  })
  return found
}
