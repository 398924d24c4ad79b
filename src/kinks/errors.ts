import {abs, add, mul, sub, type Tensor2D, tidy} from '@tensorflow/tfjs'
import type {AffineMap} from '../affine/affine-map.js'
import {float32Roundoff} from '../forward/rounding.js'
import type {KinkInstruction, Program} from '../program/program.js'
import type {Kink} from './kink.js'

// Rounding is what the sums of maps are off by since the last kink, and what is carried on from before it as it is: through
// kinks, and through maps of a few terms (copies, normalisations, sums of two images). Sums of many terms begin anew.

/** Maps of no more terms carry errors from before the last kink on. */
const fewTerms = 4

/** Whether what is off from before the last kink counts in what a map makes of it. */
export const carriesErrors = ({fanIn}: AffineMap): boolean => fanIn <= fewTerms

/**
 * Whether what a kink reads is off, for all that it decides. What comes straight from another kink is not where that never
 * leaves the piece that this one is on: a ReLU of what is never below 0 touches its kink and does not pass it.
 */
export function mayPass({instructions}: Program, {input, kink}: KinkInstruction): boolean {
  const maker = instructions[input - 1]
  return maker?.kind !== 'kink' || kink.bendsWithin(maker.kink.range)
}

/**
 * How far the outputs of a kink may be off: f(z + error) - f(z - error) where f does not fall, steepest times error
 * elsewhere, and the rounding of its own product; undefined where they are exact.
 *
 * @param z `[points, K x units]`
 * @param error likewise; undefined for none
 * @returns `[points, units]`
 */
export function errorsPast(
  {activation, monotone, steepest, exact}: Kink,
  z: Tensor2D,
  error: Tensor2D | undefined,
): Tensor2D | undefined {
  const own = () => mul(abs(activation(z)), 2 * float32Roundoff) as Tensor2D
  if (!error) return exact ? undefined : tidy(own)
  return tidy(() => {
    const carried = monotone
      ? sub(activation(add(z, error) as Tensor2D), activation(sub(z, error) as Tensor2D))
      : mul(error, steepest)
    return (exact ? carried : add(carried, own())) as Tensor2D
  })
}

/** The same in float64, on the host: what its own product is rounded by is no part of it. */
export function errorsPast64(
  {value64, monotone, steepest}: Kink,
  z: Float64Array,
  error: Float32Array,
): Float64Array {
  if (!monotone) return Float64Array.from(error, (e) => e * steepest)
  const low = value64(z.map((value, at) => value - error[at]!))
  return value64(z.map((value, at) => value + error[at]!)).map((high, at) => high - low[at]!)
}
