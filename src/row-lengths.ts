import {abs, divNoNan, max, mul, sqrt, square, sum, type Tensor} from '@tensorflow/tfjs'

/** Sums of squares outside of this may have lost some that left float32. */
const [leastSquares, mostSquares] = [1e-26, 1e36]

/** Whether a sum of squares has lost nothing that matters by leaving float32; false for NaN. */
export const squaresKept = (sum: number): boolean => sum >= leastSquares && sum <= mostSquares

/** Squared Euclidean lengths along an axis. */
export const squaredLengths = (rows: Tensor, axis: number): Tensor => sum(square(rows), axis)

/** Euclidean lengths where squares may leave float32: numbers are scaled before they are squared. */
export function scaledLengths(rows: Tensor, axis: number): Tensor {
  const largest = max(abs(rows))
  return mul(sqrt(squaredLengths(divNoNan(rows, largest), axis)), largest)
}

/** Lengths from their squares; undefined where `scaledLengths` has to be asked. */
export function lengthsOf(squares: Float32Array): Float32Array | undefined {
  return squares.every(squaresKept) ? squares.map(Math.sqrt) : undefined
}
