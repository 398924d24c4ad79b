import {fillNormal, type RandomSource} from '../common/random.js'
import {placeInBall} from './ball-points.js'

/** Writes a point that is uniform in the open ball, as float32 keeps it. */
export function sampleUniform(
  out: Float32Array,
  center: Float32Array,
  radius: number,
  rng: RandomSource,
): void {
  const direction = fillNormal(new Float64Array(out.length), rng)
  placeInBall(out, center, direction, radius * rng() ** (1 / out.length), radius)
}

/**
 * Writes a point of the open ball in a random combination of given directions, each of length 1, with normal weights:
 * as far out as a uniform point of a ball of their number of dimensions.
 */
export function sampleAlong(
  out: Float32Array,
  center: Float32Array,
  radius: number,
  directions: readonly Float32Array[],
  rng: RandomSource,
): void {
  const weights = fillNormal(new Float64Array(directions.length), rng)
  const direction = new Float64Array(out.length)
  for (const [k, one] of directions.entries()) {
    const weight = weights[k]!
    for (let i = 0; i < direction.length; i++) direction[i]! += weight * one[i]!
  }
  const dimensions = Math.min(directions.length, out.length)
  placeInBall(out, center, direction, radius * rng() ** (1 / dimensions), radius)
}
