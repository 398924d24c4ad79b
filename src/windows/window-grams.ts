import {kernels, workspace} from '../simd/index.js'
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
  const size = down.length * across.length * channels
  const count = places.points.length
  const {windowProducts} = kernels()
  const grams = new Float32Array(count * rowsPerPoint)
  const products = rowsPerPoint * rowsPerPoint
  for (let first = 0, point = 0; first < count; first += rowsPerPoint, point++) {
    const rows = filled?.[point] ?? rowsPerPoint
    const room = workspace(4 * (rows * (size + 2) + products) + 64)
    const own = room.float32(rows * size)
    own.set(values.subarray(first * size, (first + rows) * size))
    const [top, left] = [room.int32(rows), room.int32(rows)]
    for (let row = 0; row < rows; row++) {
      top[row] = places.down[first + row]! * down.step
      left[row] = places.across[first + row]! * across.step
    }
    const found = room.float32(products).fill(0)
    windowProducts(
      own.byteOffset,
      rows,
      top.byteOffset,
      left.byteOffset,
      down.length,
      across.length,
      channels,
      found.byteOffset,
      rowsPerPoint,
    )
    grams.set(found, first * rowsPerPoint)
  }
  return grams
}

/** The rows as whole images. */
export function asImages(rows: WindowRows, places: Places, shape: ImageShape): Float32Array {
  return gather([rows], places, wholeImage(shape), shape)
}
