import {
  abs,
  div,
  max,
  maximum,
  mul,
  sqrt,
  square,
  squeeze,
  sum,
  type Tensor,
} from '@tensorflow/tfjs'

/** Sums of squares outside of this may have lost some that left float32. */
const [leastSquares, mostSquares] = [1e-26, 1e36]

/** Whether a sum of squares has lost nothing that matters by leaving float32; false for NaN. */
export const squaresKept = (sum: number): boolean => sum >= leastSquares && sum <= mostSquares

/** Squared Euclidean lengths along an axis. */
export const squaredLengths = (rows: Tensor, axis: number): Tensor => sum(square(rows), axis)

/** Below this a row is divided by this instead of its largest entry. */
const leastEntry = 1e-37

/** Euclidean lengths where squares may leave float32: each row is scaled before its entries are squared. */
export function scaledLengths(rows: Tensor, axis: number): Tensor {
  const largest = maximum(max(abs(rows), axis, true), leastEntry)
  return mul(sqrt(squaredLengths(div(rows, largest), axis)), squeeze(largest, [axis]))
}

/** Lengths from their squares; undefined where `scaledLengths` has to be asked. */
export function lengthsOf(squares: Float32Array): Float32Array | undefined {
  return squares.every(squaresKept) ? squares.map(Math.sqrt) : undefined
}
