import {kernels, workspace} from '../simd/index.js'
import {beginOf, gather, type Places, type WindowRows} from './rows.js'
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
 * The products of each point's rows with each other, `[points x rows x rows]`: of two windows only where they overlap inside
 * the image.
 *
 * @param scales what each point's rows are multiplied with before
 * @param grams takes the products
 */
export function windowGrams(
  {values, window}: WindowRows,
  {places, rowsPerPoint, filled}: Stacked,
  {height, width, channels}: ImageShape,
  scales: Float32Array,
  grams: Float32Array,
): Float32Array {
  const [down, across] = window
  const size = down.length * across.length * channels
  const {windowProducts} = kernels()
  const products = rowsPerPoint * rowsPerPoint
  for (let point = 0; point < scales.length; point++) {
    const first = point * rowsPerPoint
    const rows = filled?.[point] ?? rowsPerPoint
    const room = workspace(4 * (rows * (size + 2) + products) + 64)
    const own = room.float32(rows * size)
    own.set(values.subarray(first * size, (first + rows) * size))
    const [top, left] = [room.int32(rows), room.int32(rows)]
    for (let row = 0; row < rows; row++) {
      top[row] = beginOf(down, places.down[first + row]!)
      left[row] = beginOf(across, places.across[first + row]!)
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
      height,
      width,
      scales[point]! ** 2,
      found.byteOffset,
      rowsPerPoint,
    )
    grams.set(found, point * products)
  }
  return grams
}

/** The rows as whole images. */
export function asImages(rows: WindowRows, places: Places, shape: ImageShape): Float32Array {
  return gather([rows], places, wholeImage(shape), shape)
}
