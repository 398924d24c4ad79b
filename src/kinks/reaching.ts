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
  const count = room ? fillWithRoom(gap, below, above, room) : fill(gap, below, above)
  return scratch.slice(0, count)
}

/** A float32 less than it may be rounded to. */
const less = 1 - 2 ** -23

function fill(gap: Float32Array, below: Float32Array, above: Float32Array): number {
  let count = 0
  for (let at = 0; at < gap.length; at++) {
    const least = gap[at]! * less
    // Written always and counted where it is one: no branch, which nothing could predict.
    scratch[count] = at
    count += Number(!(below[at]! < least)) | Number(!(above[at]! < least))
  }
  return count
}

function fillWithRoom(
  gap: Float32Array,
  below: Float32Array,
  above: Float32Array,
  room: Float32Array,
): number {
  let count = 0
  for (let at = 0; at < gap.length; at++) {
    const least = gap[at]! * less - room[at]!
    scratch[count] = at
    count += Number(!(below[at]! < least)) | Number(!(above[at]! < least))
  }
  return count
}
