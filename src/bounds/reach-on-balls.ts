import type {Deviations} from '../kinks/kink.js'
import {block} from '../simd/elementwise.js'
import {kernels, workspace} from '../simd/index.js'

/**
 * How far numbers move on balls: reach x radius x factor. Of numbers that are too large nothing is known.
 *
 * @param reach how far each moves when the input moves by 1: `[points x numbers]`, or `[numbers]` for every point
 * @param radius `[points]`, in units of the input space
 * @param factor room for rounding
 * @param values takes them, `[points x numbers]`
 * @returns the same array for both sides
 */
export function reachOnBalls(
  reach: Float32Array,
  radius: Float64Array,
  numbers: number,
  factor: number,
  values: Float32Array = new Float32Array(radius.length * numbers),
): Deviations {
  const shared = reach.length === numbers
  const room = workspace(2 * (4 * block + 16) + 16)
  const own = room.float32(block)
  // The last vector of a point may reach beyond.
  const moves = room.float32(block + 3)
  const {multiples} = kernels()
  const [from, to] = [own.byteOffset, moves.byteOffset]
  for (let start = 0; start < values.length; start += block) {
    const end = Math.min(values.length, start + block)
    if (!shared) own.set(reach.subarray(start, end))
    for (let at = start; at < end; ) {
      const point = Math.floor(at / numbers)
      const first = point * numbers
      const stop = Math.min(end, first + numbers)
      if (shared) own.set(reach.subarray(at - first, stop - first), at - start)
      const place = 4 * (at - start)
      multiples(from + place, radius[point]! * factor, to + place, stop - at)
      at = stop
    }
    values.set(moves.subarray(0, end - start), start)
  }
  return {below: values, above: values}
}
