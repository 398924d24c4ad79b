import type {Draw} from './draw.js'
import {differentiate, formsOf, type Network64} from './network64.js'

/** Input points of shape `[count x size]`, as float32 keeps them. */
export function randomPoints(random: Draw, count: number, size: number): number[][] {
  return Array.from({length: count}, () => Array.from(random.normals(size), Math.fround))
}

/**
 * Points of the closed ball, chosen to find out what it holds: at random, on the surface, and a little
 * beyond each boundary that the gradient at the center points to.
 */
export function searchBall(
  random: Draw,
  network: Network64,
  center: readonly number[],
  radius: number,
  count: number,
): Float64Array[] {
  const found = Array.from({length: count}, () => random.inBall(center, radius))
  for (const {row} of formsOf(differentiate(network, center).layers)) {
    const [z, ...gradient] = row
    const length = Math.hypot(...gradient)
    if (length === 0) continue
    const beyond = Math.min(radius, (1.001 * Math.abs(z!)) / length) * -Math.sign(z!)
    const edge = radius * -Math.sign(z!)
    for (const step of [beyond, edge]) {
      found.push(Float64Array.from(center, (c, i) => c + (step * gradient[i]!) / length))
    }
  }
  return found
}
