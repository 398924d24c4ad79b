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
  for (let at = 0; at < mine.length; at++) if (theirs[at]! < mine[at]!) mine[at] = theirs[at]!
}

export function copy({below, above}: Deviations): Deviations {
  return {below: below.slice(), above: above.slice()}
}

/** Both sides farther by a margin each. */
export function widened({below, above}: Deviations, margin: Float32Array): Deviations {
  const out = {below: below.slice(), above: above.slice()}
  for (let at = 0; at < margin.length; at++) {
    out.below[at]! += margin[at]!
    out.above[at]! += margin[at]!
  }
  return out
}

export function scaled({below, above}: Deviations, factor: number): Deviations {
  return {below: below.map((b) => b * factor), above: above.map((a) => a * factor)}
}
