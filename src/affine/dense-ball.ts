import {maximum, sqrt, square, type Tensor2D, tensor2d, tidy} from '@tensorflow/tfjs'
import {once} from '../common/once.js'
import type {BallMap, Keep} from './affine-map.js'
import {rowNorms} from './dense64.js'
import {spectralNormBound} from './spectral-norm.js'
import {leastShare, orOne} from './squares.js'

/** A full matrix between balls, `[in x out]`. What is made at first use is not made at all where nobody asks for it. */
export interface BallKernel {
  readonly inputSize: number
  weights(): Tensor2D
  squared(): SquaredKernel
  /** Of its columns. */
  readonly lengths: Float64Array
}

/** Squares of a matrix whose columns are scaled to length 1 before: squares leave float32 long before numbers do. */
export interface SquaredKernel {
  readonly tensor: Tensor2D
  /** Of the columns as they were, `[1, out]`. */
  readonly lengths: Tensor2D
}

/** Squares the entries of a matrix, given the lengths of its columns. */
export function squaredKernel(weights: Tensor2D, lengths: Float64Array, keep: Keep): SquaredKernel {
  const shape: [number, number] = [1, lengths.length]
  return {
    tensor: keep(
      tidy(() => {
        const scaled = weights.div(tensor2d(Float32Array.from(lengths, orOne), shape))
        return maximum(square(scaled), leastShare) as Tensor2D
      }),
    ),
    lengths: keep(tensor2d(new Float32Array(lengths), shape)),
  }
}

/** Lengths of the columns, the rows weighted by the square roots of `[points, in]`. */
export function weightedLengths(weights: Tensor2D, {tensor, lengths}: SquaredKernel): Tensor2D {
  return tidy(() => sqrt(weights.matMul(tensor)).mul(lengths) as Tensor2D)
}

/** The map as it is, or one that `scaledBall` has made. */
export function denseBall(
  {weights, squared, lengths}: BallKernel,
  outputScale: Float64Array | undefined,
  roundoff: number,
  keep: Keep,
): BallMap {
  const columns = lengths.length
  const unweighted = once(() => keep(tensor2d(new Float32Array(lengths), [1, columns])))
  return {
    outputScale,
    norms: once(async () => [await spectralNormBound(weights(), roundoff)]),
    rowNorms: ([by]) => [by ? weightedLengths(by, squared()) : (unweighted().clone() as Tensor2D)],
  }
}

/**
 * The map with its inputs scaled, and with its outputs scaled to rows of norm 1 where `normalise` says so.
 *
 * @param kernel the same numbers on the host
 */
export function scaledBall(
  own: BallKernel,
  kernel: Float64Array,
  inputScale: Float64Array | undefined,
  normalise: boolean,
  roundoff: number,
  keep: Keep,
): BallMap {
  const {inputSize} = own
  const outputSize = own.lengths.length
  const lengths = inputScale ? rowNorms(kernel, inputSize, outputSize, inputScale) : own.lengths
  const scales = normalise ? lengths.map(orOne) : new Float64Array(outputSize).fill(1)
  const values = once(() => scaledValues(kernel, inputScale, scales))
  const weights = once(() => keep(tensor2d(values(), [inputSize, outputSize])))
  const own64 = quotients(lengths, scales)
  const squared = once(() => squaredKernel(weights(), own64, keep))
  const scaled = {inputSize, weights, squared, lengths: own64}
  return denseBall(scaled, normalise ? scales : undefined, roundoff, keep)
}

/** In float64: the scales of a network may leave float32, what is scaled by them does not. */
function scaledValues(
  kernel: Float64Array,
  inputScale: Float64Array | undefined,
  outputScale: Float64Array,
): Float32Array {
  const columns = outputScale.length
  const shrunk = quotients(new Float64Array(columns).fill(1), outputScale)
  const scaled = new Float32Array(kernel.length)
  for (let i = 0, at = 0; at < kernel.length; i++) {
    const scale = inputScale ? inputScale[i]! : 1
    for (let j = 0; j < columns; j++, at++) scaled[at] = kernel[at]! * scale * shrunk[j]!
  }
  return scaled
}

function quotients(a: Float64Array, b: Float64Array): Float64Array {
  const found = new Float64Array(a.length)
  for (let i = 0; i < found.length; i++) found[i] = a[i]! / b[i]!
  return found
}
