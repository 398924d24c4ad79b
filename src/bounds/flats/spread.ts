import type {Secants} from '../../kinks/kink.js'

/**
 * Weights of the columns of M_k: delta over these is a vector no longer than the input's move. Only the columns of units that
 * bend have one, and delta is 0 at all others: they are listed point after point, in rising order; `starts[p]` is where those
 * of point p begin.
 */
export interface Spread {
  readonly starts: Int32Array
  /** Their places among a point's units. */
  readonly units: Int32Array
  readonly weights: Float32Array
}

/**
 * The weights of a layer's columns.
 *
 * @param open the places that can bend, over all points; any where undefined
 * @param moves of each unit, as the input moves by 1; 0 where that is not known
 */
export function spreadOf(
  {halfWidth, gap}: Secants,
  open: Int32Array | undefined,
  moves: Float32Array,
  radius: Float64Array,
): Spread {
  const size = gap.length / radius.length
  const bent = placesAbove0(gap, open)
  const isKnown = (at: number) => halfWidth !== undefined && moves[at]! > 0
  const starts = new Int32Array(radius.length + 1)
  const weights = new Float32Array(bent.length)
  for (let point = 0, start = 0, end = 0; point < radius.length; point++, start = end) {
    let unknown = 0
    for (; end < bent.length && bent[end]! < (point + 1) * size; end++) {
      if (!isKnown(bent[end]!)) unknown++
    }
    // Where there are both, either part of the vector may be as long as the move.
    const both = unknown > 0 && unknown < end - start ? Math.SQRT2 : 1
    for (let k = start; k < end; k++) {
      const at = bent[k]!
      // |delta_i| <= gap_i for each of them: over gap_i sqrt(unknown) it is a vector of length 1.
      const weight = isKnown(at)
        ? halfWidth![at]! * moves[at]!
        : (gap[at]! * Math.sqrt(unknown)) / radius[point]!
      weights[k] = both * weight
    }
    starts[point + 1] = end
  }
  const units = new Int32Array(bent.length)
  for (let k = 0; k < units.length; k++) units[k] = bent[k]! % size
  return {starts, units, weights}
}

function placesAbove0(values: Float32Array, among: Int32Array | undefined): Int32Array {
  const all = among ?? Int32Array.from(values.keys())
  const found = new Int32Array(all.length)
  let count = 0
  for (let k = 0; k < all.length; k++) {
    if (values[all[k]!]! > 0) found[count++] = all[k]!
  }
  return found.subarray(0, count)
}

/** The weights of all columns of some points, `[points x units]`; undefined where all are 0. */
export function weightsOfPoints(
  spread: Spread,
  size: number,
  points: Int32Array,
): Float32Array | undefined {
  if (bendsNowhere(spread, points)) return undefined
  const {starts, units, weights} = spread
  const taken = new Float32Array(points.length * size)
  for (let p = 0; p < points.length; p++) {
    const point = points[p]!
    for (let k = starts[point]!; k < starts[point + 1]!; k++) {
      taken[p * size + units[k]!] = weights[k]!
    }
  }
  return taken
}

/** Whether no unit bends at any of the points. */
export function bendsNowhere({starts}: Spread, points: Int32Array): boolean {
  return points.every((point) => starts[point] === starts[point + 1])
}
