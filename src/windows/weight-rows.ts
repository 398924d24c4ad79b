import {atOnce, kernels, workspace} from '../simd/index.js'

/**
 * Weights of channels, each times its sign, as rows.
 *
 * @param weightsOf as many numbers for each channel
 * @param channels and `signs`, one of each for a row
 * @returns `[rows x weights]`
 */
export function weightRows(
  weightsOf: (channel: number) => Float32Array,
  channels: Int32Array,
  signs: Float32Array,
): Float32Array {
  const size = weightsOf(0).length
  const values = new Float32Array(channels.length * size)
  const most = Math.max(1, Math.min(channels.length, Math.floor(atOnce / size)))
  const room = workspace(most * (8 * size + 8) + 4 * 16)
  const [table, out] = [room.float32(most * size), room.float32(most * size)]
  const [places, own] = [room.int32(most), room.float32(most)]
  for (let start = 0; start < channels.length; start += most) {
    const count = Math.min(most, channels.length - start)
    // Of the channels that these rows have; there are no more of them than rows.
    const known = new Map<number, number>()
    for (let k = 0; k < count; k++) {
      const channel = channels[start + k]!
      const place = known.get(channel) ?? known.size
      if (place === known.size) {
        known.set(channel, place)
        table.set(weightsOf(channel), place * size)
      }
      places[k] = place
    }
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
