/**
 * Bounds from above on sizes: infinity, which bounds nothing, in place of what is not a number or is below 0. Where sums leave
 * float32 their differences are no numbers, and comparing these decides anything.
 *
 * @param values written over
 */
export function knownAtMost(values: Float32Array): Float32Array {
  for (let at = 0; at < values.length; at++) {
    if (!(values[at]! >= 0)) values[at] = Number.POSITIVE_INFINITY
  }
  return values
}
