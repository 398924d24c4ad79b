import type {Deviations} from '../kinks/kink.js'

/** Nothing known yet. */
export function unbounded(size: number): Deviations {
  const infinite = () => new Float32Array(size).fill(Number.POSITIVE_INFINITY)
  return {below: infinite(), above: infinite()}
}

/** Takes over whatever is smaller in `other`. */
export function tighten(bounds: Deviations, other: Deviations): void {
  writeSmaller(bounds.below, bounds.below, other.below)
  writeSmaller(bounds.above, bounds.above, other.above)
}

/** The smaller of two bounds each, as arrays of their own; where there are no others, one bound itself. */
export function smallerOf(a: Deviations | undefined, b: Deviations | undefined): Deviations {
  if (!(a && b)) return (a ?? b)!
  const smaller = (side: keyof Deviations) => {
    const out = new Float32Array(a[side].length)
    writeSmaller(out, a[side], b[side])
    return out
  }
  return {below: smaller('below'), above: smaller('above')}
}

function writeSmaller(out: Float32Array, a: Float32Array, b: Float32Array): void {
  // No processor predicts which of the two is smaller. Numbers that are not negative are in the order of their bits, and
  // the smaller of two whole numbers takes no branch: several times as fast.
  const [to, own, others] = [bitsOf(out), bitsOf(a), bitsOf(b)]
  for (let at = 0; at < to.length; at++) {
    const other = others[at]!
    const more = (own[at]! - other) | 0
    to[at] = other + (more & (more >> 31))
  }
}

const bitsOf = ({buffer, byteOffset, length}: Float32Array) =>
  new Int32Array(buffer, byteOffset, length)

export function copy({below, above}: Deviations): Deviations {
  return {below: below.slice(), above: above.slice()}
}

/** Both sides farther by a margin each. */
export function widened({below, above}: Deviations, margin: Float32Array): Deviations {
  const wider = sumOf(below, margin)
  return {below: wider, above: above === below ? wider : sumOf(above, margin)}
}

function sumOf(a: Float32Array, b: Float32Array): Float32Array {
  const sum = new Float32Array(a.length)
  for (let at = 0; at < sum.length; at++) sum[at] = a[at]! + b[at]!
  return sum
}

export function scaled({below, above}: Deviations, factor: number): Deviations {
  return {below: below.map((b) => b * factor), above: above.map((a) => a * factor)}
}
