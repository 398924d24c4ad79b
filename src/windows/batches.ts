import {atOnce, type Workspace, workspace} from '../simd/index.js'
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
  /** Room for what each row makes. */
  readonly made: Float32Array
  /** Room for a sum for each row, at first 0. */
  readonly sums: Float64Array
}

/** What is needed in the kernels' memory besides rows. */
export interface Needs {
  /** Numbers that each row makes. */
  readonly made: number
  /** For arrays of one's own, 16 more for each of them. */
  readonly bytes: number
  /** Takes these arrays from there, before rows are shown. */
  readonly take: (room: Workspace) => void
}

const nothing: Needs = {made: 0, bytes: 0, take: () => {}}

/**
 * Shows rows to a function, some at a time, in the kernels' memory, which must not be used for anything else meanwhile.
 *
 * @throws as `workspace`
 */
export function eachBatch(
  {values, window}: WindowRows,
  {points, down: downs, across: acrosses}: Places,
  shape: ImageShape,
  show: (batch: Batch) => void,
  {made, bytes, take} = nothing,
): void {
  const [down, across] = window
  const size = sizeOf(window, shape)
  const most = Math.max(1, Math.min(points.length, Math.floor(atOnce / (size + made))))
  const room = workspace(most * (4 * (size + made) + 16) + 5 * 16 + bytes)
  const [own, out] = [room.float32(most * size), room.float32(most * made)]
  const [top, left, sums] = [room.int32(most), room.int32(most), room.float64(most)]
  take(room)
  for (let start = 0; start < points.length; start += most) {
    const end = Math.min(points.length, start + most)
    own.set(values.subarray(start * size, end * size))
    for (let row = start; row < end; row++) {
      top[row - start] = beginOf(down, downs[row]!)
      left[row - start] = beginOf(across, acrosses[row]!)
    }
    show({start, end, values: own, top, left, made: out, sums: sums.fill(0)})
  }
}
