import {gather, type Places, runSize, runsOf, type WindowRows} from './rows.js'
import {type ImageShape, imageSize, sizeOf, wholeImage} from './window.js'

/** Windows larger than this share of the image overlap so much that products on the backend are faster. */
const largest = 0.25

/** Rows of points, as many for each of them. */
export interface Stacked {
  readonly places: Places
  readonly rowsPerPoint: number
  /** How many of each point's rows matter, from the first on; all by default. The products of the others are 0. */
  readonly filled?: readonly number[] | undefined
}

/** Whether rows are better multiplied window by window than as whole images. */
export function multipliesWindows(rows: WindowRows, shape: ImageShape): boolean {
  return sizeOf(rows.window, shape) <= largest * imageSize(shape)
}

/**
 * Rows times a number for each point. What lies outside of the image is 0 there.
 *
 * @param scales one for as many rows as each point has
 */
export function scaledRows(
  {values, window}: WindowRows,
  places: Places,
  shape: ImageShape,
  scales: Float32Array,
): WindowRows {
  const out = new Float32Array(values.length)
  const perPoint = places.points.length / scales.length
  const runs = runsOf(places, window, shape)
  for (let r = 0; r < runs.length; r += runSize) {
    const scale = scales[Math.floor(runs[r]! / perPoint)]!
    const from = runs[r + 1]!
    const end = from + runs[r + 3]!
    for (let k = from; k < end; k++) out[k] = values[k]! * scale
  }
  return {values: out, window}
}

/**
 * The products of each point's rows with each other, `[points x rows x rows]`: of two windows only where they overlap. What
 * lies outside of the image must be 0.
 */
export function windowGrams(
  {values, window}: WindowRows,
  {places, rowsPerPoint, filled}: Stacked,
  {channels}: ImageShape,
): Float32Array {
  const [down, across] = window
  const line = across.length * channels
  const size = down.length * line
  const count = places.points.length
  const grams = new Float32Array(count * rowsPerPoint)
  const top = places.down.map((place) => place * down.step)
  const left = places.across.map((place) => place * across.step)
  for (let first = 0, point = 0; first < count; first += rowsPerPoint, point++) {
    const end = first + (filled?.[point] ?? rowsPerPoint)
    // Rows are mostly in the order of their units: those before `begin` end above this one's window.
    let begin = first
    for (let row = first; row < end; row++) {
      const ownTop = top[row]!
      const ownLeft = left[row]!
      if (row > first && ownTop < top[row - 1]!) begin = first
      while (begin < row && top[begin]! <= ownTop - down.length) begin++
      for (let other = begin; other <= row; other++) {
        // How far the other window begins after this one.
        const below = top[other]! - ownTop
        if (below >= down.length || -below >= down.length) continue
        const beside = left[other]! - ownLeft
        if (beside >= across.length || -beside >= across.length) continue
        const run = (across.length - Math.abs(beside)) * channels
        const a = row * size + Math.max(0, below) * line + Math.max(0, beside) * channels
        const b = other * size + Math.max(0, -below) * line + Math.max(0, -beside) * channels
        const sum = product(values, a, b, down.length - Math.abs(below), line, run)
        grams[row * rowsPerPoint + (other - first)] = sum
        grams[other * rowsPerPoint + (row - first)] = sum
      }
    }
  }
  return grams
}

/** The product of two blocks: `lines` runs of numbers each, `line` apart. */
function product(
  values: Float32Array,
  a: number,
  b: number,
  lines: number,
  line: number,
  run: number,
): number {
  // Sums that do not wait for each other.
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  for (let end = a + lines * line; a < end; a += line, b += line) {
    let k = 0
    for (; k + 3 < run; k += 4) {
      s0 += values[a + k]! * values[b + k]!
      s1 += values[a + k + 1]! * values[b + k + 1]!
      s2 += values[a + k + 2]! * values[b + k + 2]!
      s3 += values[a + k + 3]! * values[b + k + 3]!
    }
    for (; k < run; k++) s0 += values[a + k]! * values[b + k]!
  }
  return s0 + s1 + (s2 + s3)
}

/** The rows as whole images. */
export function asImages(rows: WindowRows, places: Places, shape: ImageShape): Float32Array {
  return gather([rows], places, wholeImage(shape), shape)
}
