import {eachRun, gather, type Places, type WindowRows} from './rows.js'
import {type ImageShape, imageSize, sizeOf, wholeImage} from './window.js'

/** Windows larger than this share of the image overlap so much that products on the backend are faster. */
const largest = 0.25

/** Rows of points, as many for each of them. */
export interface Stacked {
  readonly places: Places
  readonly rowsPerPoint: number
}

/** Whether rows are better multiplied window by window than as whole images. */
export function multipliesWindows(rows: WindowRows, shape: ImageShape): boolean {
  return sizeOf(rows.window, shape) <= largest * imageSize(shape)
}

/**
 * Rows times weights, a number for each place of each point's image.
 *
 * @param weights `[points x units]`, of all points
 */
export function weighted(
  {values, window}: WindowRows,
  places: Places,
  shape: ImageShape,
  weights: Float32Array | undefined,
  scales: Float32Array,
): WindowRows {
  const units = imageSize(shape)
  const out = new Float32Array(values.length)
  const perPoint = places.points.length / scales.length
  eachRun(places, window, shape, (row, from, inImage, count) => {
    const scale = scales[Math.floor(row / perPoint)]!
    const at = places.points[row]! * units + inImage
    for (let k = 0; k < count; k++) {
      out[from + k] = values[from + k]! * scale * (weights ? weights[at + k]! : 1)
    }
  })
  return {values: out, window}
}

/**
 * The products of each point's rows with each other, `[points x rows x rows]`: of two windows only where they overlap. What
 * lies outside of the image must be 0.
 */
export function windowGrams(
  {values, window}: WindowRows,
  {places, rowsPerPoint}: Stacked,
  {channels}: ImageShape,
): Float32Array {
  const [down, across] = window
  const line = across.length * channels
  const size = down.length * line
  const count = places.points.length
  const grams = new Float32Array(count * rowsPerPoint)
  for (let row = 0; row < count; row++) {
    const first = row - (row % rowsPerPoint)
    for (let other = first; other <= row; other++) {
      // How far the other window begins after this one.
      const below = down.step * (places.down[other]! - places.down[row]!)
      const beside = across.step * (places.across[other]! - places.across[row]!)
      if (Math.abs(below) >= down.length || Math.abs(beside) >= across.length) continue
      const run = (across.length - Math.abs(beside)) * channels
      const left = Math.max(0, beside) * channels
      let sum = 0
      for (
        let i = Math.max(0, below), end = Math.min(down.length, down.length + below);
        i < end;
        i++
      ) {
        const a = row * size + i * line + left
        const b = other * size + (i - below) * line + left - beside * channels
        for (let k = 0; k < run; k++) sum += values[a + k]! * values[b + k]!
      }
      grams[row * rowsPerPoint + (other - first)] = sum
      grams[other * rowsPerPoint + (row - first)] = sum
    }
  }
  return grams
}

/** The rows as whole images. */
export function asImages(rows: WindowRows, places: Places, shape: ImageShape): Float32Array {
  return gather([rows], places, wholeImage(shape), shape)
}
