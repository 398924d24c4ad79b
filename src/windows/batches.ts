import {atOnce, workspace} from '../simd/index.js'
import {beginOf, type Places, type WindowRows} from './rows.js'
import {type ImageShape, sizeOf} from './window.js'

/** Some rows that are windows, in the kernels' memory. */
export interface Batch {
  /** Which rows: from one on, and before another. */
  readonly start: number
  readonly end: number
  /** `[rows x window]` */
  readonly values: Float32Array
  /** Where each window begins in the image; it may reach beyond. */
  readonly top: Int32Array
  readonly left: Int32Array
  /** Room for a sum for each row, at first 0. */
  readonly sums: Float64Array
  /** Room for something else. */
  readonly others: readonly Float32Array[]
}

/**
 * Shows rows to a function, some at a time, in the kernels' memory, which must not be used for anything else meanwhile.
 *
 * @param others lengths of arrays that it needs besides
 * @throws as `workspace`
 */
export function eachBatch(
  {values, window}: WindowRows,
  {points, down: downs, across: acrosses}: Places,
  shape: ImageShape,
  others: readonly number[],
  show: (batch: Batch) => void,
): void {
  const [down, across] = window
  const size = sizeOf(window, shape)
  const most = Math.max(1, Math.min(points.length, Math.floor(atOnce / size)))
  const bytes = others.reduce((sum, length) => sum + 4 * length + 16, 0)
  const room = workspace(most * (4 * size + 16) + 4 * 16 + bytes)
  const own = room.float32(most * size)
  const [top, left, sums] = [room.int32(most), room.int32(most), room.float64(most)]
  const rest = others.map((length) => room.float32(length))
  for (let start = 0; start < points.length; start += most) {
    const end = Math.min(points.length, start + most)
    own.set(values.subarray(start * size, end * size))
    for (let row = start; row < end; row++) {
      top[row - start] = beginOf(down, downs[row]!)
      left[row - start] = beginOf(across, acrosses[row]!)
    }
    show({start, end, values: own, top, left, sums: sums.fill(0), others: rest})
  }
}
