import {
  div,
  matMul,
  max,
  type Scalar,
  square,
  stack,
  sum,
  type Tensor2D,
  tidy,
} from '@tensorflow/tfjs'
import {native64} from '../native64.js'
import {float32Roundoff} from '../rounding.js'

/** Squarings of the Gram matrix: m = 2^6. The bound is at most n^(1/256) too large, 2.2 % for n = 256. */
const squarings = 6

/**
 * A certified upper bound on the largest singular value of a matrix.
 *
 * For the Gram matrix G (of the shorter side, n x n) and m = 2^6:
 *
 *     sigma_max^2 = lambda_max(G) <= ||G^m||_F^(1/m),
 *
 * at most a factor n^(1/4m) too large for sigma_max itself. Power iteration would give a lower bound. G is scaled to a largest
 * entry of 1 after every squaring, with the logarithm of the scales carried: unscaled, the powers leave float32.
 *
 * Room for the rounding of the products is added: 0.1 % and 4 n u, u their unit round-off.
 *
 * @param matrix `[rows, columns]`; entries finite
 * @param roundoff u, see `measureRoundoff`
 * @returns the bound, in float64 on the host; 0 for a zero matrix
 *
 * ```ts
 * await spectralNormBound(tf.tensor2d([[3, 0], [0, 4]]))  //-> 4.007
 * ```
 */
export async function spectralNormBound(
  matrix: Tensor2D,
  roundoff = float32Roundoff,
): Promise<number> {
  const scales = tidy(() => {
    const [rows, columns] = matrix.shape
    // The entries are scaled first, so that their squares are in range whatever their size.
    const largest = max(matrix.abs()) as Scalar
    const scaled = matrix.divNoNan(largest) as Tensor2D
    let power = rows < columns ? matMul(scaled, scaled, false, true) : matMul(scaled, scaled, true)
    const found: Scalar[] = [largest]
    for (let k = 0; k < squarings; k++) {
      // A Gram matrix has its largest entry on the diagonal, where none is negative.
      const scale = max(power) as Scalar
      found.push(scale)
      power = div(power, scale) as Tensor2D
      power = matMul(power, power)
    }
    found.push(sum(square(power)) as Scalar)
    return stack(found)
  })
  const [largest, ...rest] = await scales.data()
  scales.dispose()
  if (largest === 0) return 0
  // lambda(G) = scale_0 lambda(G/scale_0), and lambda(P) = lambda(P^2)^(1/2) at every squaring.
  const frobenius = Math.sqrt(rest.pop()!)
  let logarithm = Math.log(frobenius) / 2 ** squarings
  rest.forEach((scale, k) => {
    logarithm += Math.log(scale) / 2 ** k
  })
  const room = 1.001 + 4 * Math.min(...matrix.shape) * roundoff
  return room * largest! * Math.exp(logarithm / 2)
}

/** Rows of the largest Gram matrix whose eigenvalues cost less than squaring it. */
const mostEigenvalues = 512

/**
 * The same bound for a matrix on the host, from the largest eigenvalue of its Gram matrix in float64 where native
 * TensorFlow finds it; undefined elsewhere and for large matrices.
 *
 * @param values `[rows x columns]`, row-major
 * @returns the bound; 0 for a zero matrix
 *
 * ```ts
 * spectralNormBound64(Float64Array.of(3, 0, 0, 4), 2, 2)  //-> 4.000004 with native TensorFlow
 * ```
 */
export function spectralNormBound64(
  values: Float64Array,
  rows: number,
  columns: number,
): number | undefined {
  const native = native64()
  if (!native || Math.min(rows, columns) > mostEigenvalues) return undefined
  return gramNormBound64(native.gram(values, rows, columns), Math.max(rows, columns))
}

/**
 * The same from the Gram matrix of a matrix, each entry a sum of so many `terms`. Rounding moves the largest eigenvalue by at
 * most about rows columns 2^-53 of itself; 10^-6 and four times as much are added.
 *
 * @param gram `[n x n]`, n the shorter side
 */
export function gramNormBound64(gram: Float64Array, terms: number): number | undefined {
  const native = native64()
  const n = Math.sqrt(gram.length)
  if (!native || n > mostEigenvalues) return undefined
  const largest = native.eigenvalues(gram, n).at(-1)!
  if (!Number.isFinite(largest)) return undefined
  return Math.sqrt(Math.max(0, largest)) * (1 + 1e-6 + 4 * n * terms * 2 ** -53)
}
