import {kernels} from '../simd/index.js'
import {eachBatch} from './batches.js'
import type {Places, WindowRows} from './rows.js'
import type {ImageShape} from './window.js'

/** Of each row the sum over the image of v^2, or of |v|: `[rows]`. What lies outside does not count. */
export function sumsOf(
  rows: WindowRows,
  places: Places,
  shape: ImageShape,
  squared: boolean,
): Float64Array {
  const [down, across] = rows.window
  const found = new Float64Array(places.points.length)
  eachBatch(rows, places, shape, ({start, end, values, top, left, sums}) => {
    kernels().sumWindows(
      values.byteOffset,
      end - start,
      top.byteOffset,
      left.byteOffset,
      down.length,
      across.length,
      shape.channels,
      shape.height,
      shape.width,
      squared ? 1 : 0,
      sums.byteOffset,
    )
    found.set(sums.subarray(0, end - start), start)
  })
  return found
}
