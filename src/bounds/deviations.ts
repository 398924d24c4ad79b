import type {Deviations} from '../kinks/kink.js'

/** Nothing known yet. */
export function unbounded(size: number): Deviations {
  const infinite = () => new Float32Array(size).fill(Number.POSITIVE_INFINITY)
  return {below: infinite(), above: infinite()}
}

/** Takes over whatever is smaller in `other`. */
export function tighten(bounds: Deviations, other: Deviations): void {
  takeSmaller(bounds.below, other.below)
  takeSmaller(bounds.above, other.above)
}

function takeSmaller(mine: Float32Array, theirs: Float32Array): void {
  // No processor predicts which of the two is smaller. Numbers that are not negative are in the order of their bits, and
  // the smaller of two whole numbers takes no branch: several times as fast.
  const [own, others] = [bitsOf(mine), bitsOf(theirs)]
  for (let at = 0; at < own.length; at++) {
    const other = others[at]!
    const more = (own[at]! - other) | 0
    own[at] = other + (more & (more >> 31))
  }
}

const bitsOf = ({buffer, byteOffset, length}: Float32Array) =>
  new Int32Array(buffer, byteOffset, length)

export function copy({below, above}: Deviations): Deviations {
  return {below: below.slice(), above: above.slice()}
}

/** Both sides farther by a margin each. */
export function widened({below, above}: Deviations, margin: Float32Array): Deviations {
  return {below: sumOf(below, margin), above: sumOf(above, margin)}
}

function sumOf(a: Float32Array, b: Float32Array): Float32Array {
  const sum = new Float32Array(a.length)
  for (let at = 0; at < sum.length; at++) sum[at] = a[at]! + b[at]!
  return sum
}

export function scaled({below, above}: Deviations, factor: number): Deviations {
  return {below: below.map((b) => b * factor), above: above.map((a) => a * factor)}
}
