import {sqrt, square, type Tensor2D, tensor2d, tidy} from '@tensorflow/tfjs'
import {native64} from '../native64.js'
import {once} from '../once.js'
import type {BallMap, Keep} from './affine-map.js'
import {rowNorms} from './dense64.js'
import {largestSize} from './largest-size.js'
import {gramNormBound64, spectralNormBound, spectralNormBound64} from './spectral-norm.js'

/** A full matrix between balls, `[in x out]`. What is made at first use is not made at all where nobody asks for it. */
export interface BallKernel {
  readonly inputSize: number
  weights(): Tensor2D
  squared(): SquaredKernel
  /** Of its columns. */
  readonly lengths: Float64Array
  /** On the host. */
  values(): Float64Array
  /** Its Gram matrix, where that is shared with other uses: W W^T of a wide W. */
  gram(): Float64Array | undefined
}

/** Squares of a matrix over its largest entry: squares leave float32 long before numbers do. */
export interface SquaredKernel {
  readonly tensor: Tensor2D
  readonly largest: number
}

/** Squares the entries of a matrix that is on the host too. */
export function squaredKernel(weights: Tensor2D, values: Float64Array, keep: Keep): SquaredKernel {
  const largest = largestSize(values)
  return {tensor: keep(tidy(() => square(weights.div(largest)) as Tensor2D)), largest}
}

/** Lengths of the columns, the rows weighted by the square roots of `[points, in]`. */
export function weightedLengths(weights: Tensor2D, {tensor, largest}: SquaredKernel): Tensor2D {
  return tidy(() => sqrt(weights.matMul(tensor)).mul(largest) as Tensor2D)
}

/**
 * W W^T in float64 by native TensorFlow, where that is the backend and W is wide: its norm, that of W with its rows scaled,
 * and the factor are made from it.
 */
export function wideGram(kernel: Float64Array, inputSize: number, outputSize: number) {
  const gram = {
    known: false,
    read: once(() => {
      const made =
        inputSize > outputSize ? native64()?.gram(kernel, inputSize, outputSize) : undefined
      gram.known = made !== undefined
      return made
    }),
  }
  return gram
}

/** The map as it is, or one that `scaledBall` has made. */
export function denseBall(
  {inputSize, weights, squared, lengths, values, gram}: BallKernel,
  outputScale: Float64Array | undefined,
  roundoff: number,
  keep: Keep,
): BallMap {
  const columns = lengths.length
  const unweighted = once(() => keep(tensor2d(new Float32Array(lengths), [1, columns])))
  const norm64 = () => {
    const shared = gram()
    if (shared) return gramNormBound64(shared, inputSize)
    return spectralNormBound64(values(), inputSize, columns)
  }
  return {
    outputScale,
    norms: once(async () => [norm64() ?? (await spectralNormBound(weights(), roundoff))]),
    rowNorms: ([by]) => [by ? weightedLengths(by, squared()) : (unweighted().clone() as Tensor2D)],
  }
}

/** The map with its inputs scaled, and with its outputs scaled to rows of norm 1 where `normalise` says so. */
export function scaledBall(
  own: BallKernel,
  inputScale: Float64Array | undefined,
  normalise: boolean,
  roundoff: number,
  keep: Keep,
): BallMap {
  const outputSize = own.lengths.length
  const {inputSize} = own
  const kernel = own.values()
  const lengths = inputScale ? rowNorms(kernel, inputSize, outputSize, inputScale) : own.lengths
  const scales = lengths.map((length) => (normalise && length) || 1)
  const values = once(() => {
    const scaled = new Float64Array(kernel.length)
    for (let i = 0; i < inputSize; i++) {
      const scale = inputScale?.[i] ?? 1
      for (let j = 0, at = i * outputSize; j < outputSize; j++, at++) {
        scaled[at] = (kernel[at]! * scale) / scales[j]!
      }
    }
    return scaled
  })
  const weights = once(() => keep(tensor2d(new Float32Array(values()), [inputSize, outputSize])))
  const gram = () => {
    const shared = inputScale ? undefined : own.gram()
    return shared?.map((sum, at) => {
      return sum / scales[at % outputSize]! / scales[Math.floor(at / outputSize)]!
    })
  }
  return denseBall(
    {
      inputSize,
      weights,
      squared: once(() => squaredKernel(weights(), values(), keep)),
      lengths: lengths.map((length, j) => length / scales[j]!),
      values,
      gram,
    },
    normalise ? scales : undefined,
    roundoff,
    keep,
  )
}
