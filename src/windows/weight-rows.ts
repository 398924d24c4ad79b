import {borrow} from '../common/spare-arrays.js'
import {atOnce, kernels, workspace} from '../simd/index.js'

/**
 * Weights of channels, each times its sign, as rows.
 *
 * @param weights `[channels x size]`
 * @param channels and `signs`, one of each for a row
 * @returns `[rows x size]`, borrowed
 */
export function weightRows(
  weights: Float32Array,
  size: number,
  channels: Int32Array,
  signs: Float32Array,
): Float32Array {
  const values = borrow(channels.length * size)
  const most = Math.max(1, Math.min(channels.length, Math.floor(atOnce / size)))
  const room = workspace(4 * (weights.length + most * (size + 2)) + 4 * 16)
  const [table, out] = [room.float32(weights.length), room.float32(most * size)]
  const [places, own] = [room.int32(most), room.float32(most)]
  table.set(weights)
  for (let start = 0; start < channels.length; start += most) {
    const count = Math.min(most, channels.length - start)
    places.set(channels.subarray(start, start + count))
    own.set(signs.subarray(start, start + count))
    kernels().copyRows(
      table.byteOffset,
      size,
      places.byteOffset,
      own.byteOffset,
      count,
      out.byteOffset,
    )
    values.set(out.subarray(0, count * size), start * size)
  }
  return values
}
