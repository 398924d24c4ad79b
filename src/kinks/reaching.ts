import {block} from '../simd/elementwise.js'
import {kernels, workspace} from '../simd/index.js'
import type {Deviations} from './kink.js'

/** Written before it is read, so that it can serve every layer. */
let scratch = new Int32Array(0)

/**
 * The places, in rising order, where a number moves at least about as far as its gap: all that reach it, and a few that
 * a rounding of the gap is short of it. Nearly all numbers are farther from their kinks than they move.
 *
 * @param room what each number moves beyond its deviations; nothing by default
 */
export function placesReaching(
  gap: Float32Array,
  {below, above}: Deviations,
  room?: Float32Array,
): Int32Array {
  if (scratch.length < gap.length) scratch = new Int32Array(gap.length)
  const space = workspace(5 * (4 * block + 16))
  const [gaps, falls, rises] = [space.float32(block), space.float32(block), space.float32(block)]
  const [rooms, places] = [space.float32(block).fill(0), space.int32(block)]
  let count = 0
  for (let start = 0; start < gap.length; start += block) {
    const end = Math.min(gap.length, start + block)
    gaps.set(gap.subarray(start, end))
    falls.set(below.subarray(start, end))
    if (above !== below) rises.set(above.subarray(start, end))
    if (room) rooms.set(room.subarray(start, end))
    let found = kernels().placesReaching(
      gaps.byteOffset,
      falls.byteOffset,
      (above === below ? falls : rises).byteOffset,
      rooms.byteOffset,
      end - start,
      start,
      places.byteOffset,
    )
    // The last vector may reach beyond the end.
    while (found > 0 && places[found - 1]! >= end) found--
    scratch.set(places.subarray(0, found), count)
    count += found
  }
  return scratch.slice(0, count)
}
