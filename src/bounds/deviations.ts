import {borrow} from '../common/spare-arrays.js'
import type {Deviations} from '../kinks/kink.js'
import {sumOf, writeSmaller} from '../simd/elementwise.js'

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

/**
 * The smaller of two bounds each, as an array of its own for each side; where there are no others, one bound itself.
 *
 * @param over whether they may be written over b
 */
export function smallerOf(
  a: Deviations | undefined,
  b: Deviations | undefined,
  over: boolean,
): Deviations {
  if (!(a && b)) return (a ?? b)!
  if (over && b.below !== b.above) {
    tighten(b, a)
    return b
  }
  const smaller = (side: keyof Deviations) => {
    const out = new Float32Array(a[side].length)
    writeSmaller(out, a[side], b[side])
    return out
  }
  return {below: smaller('below'), above: smaller('above')}
}

export function copy({below, above}: Deviations): Deviations {
  return {below: below.slice(), above: above.slice()}
}

/** Both sides farther by a margin each. */
export function widened({below, above}: Deviations, margin: Float32Array): Deviations {
  const wider = sumOf(below, margin)
  return {below: wider, above: above === below ? wider : sumOf(above, margin)}
}

/** A copy in arrays that are borrowed. */
export function borrowedCopy({below, above}: Deviations): Deviations {
  const side = (values: Float32Array) => {
    const own = borrow(values.length)
    own.set(values)
    return own
  }
  return {below: side(below), above: side(above)}
}

export function scaled({below, above}: Deviations, factor: number): Deviations {
  return {below: below.map((b) => b * factor), above: above.map((a) => a * factor)}
}
