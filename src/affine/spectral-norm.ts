import {
  abs,
  div,
  getBackend,
  matMul,
  max,
  randomUniform,
  type Scalar,
  square,
  sum,
  type Tensor2D,
  tensor2d,
  tidy,
  transpose,
} from '@tensorflow/tfjs'
import {readOne} from '../common/read-out.js'
import {float32Roundoff, roundingFactor} from '../forward/rounding.js'
import {readTogether} from '../on-device/read-together.js'
import {squaresKept} from '../pull/row-lengths.js'
import {blockBound} from './block-bound.js'

/** Columns of the block: more of them capture more of the largest eigenvalues, which only few are close to. */
const columns = 8

/** Squarings of the Gram matrix: four, and two more where the bound may be more than half a percent too large. */
const [few, most, close] = [4, 6, 1.005]

/**
 * A certified upper bound on the largest singular value of a matrix.
 *
 * For the Gram matrix G (of the shorter side, n x n), m = 16 and P = G^m:
 *
 *     sigma_max^2 = lambda_max(G) = lambda_max(P)^(1/m),
 *
 * and an upper bound on lambda_max(P) is an m-th as loose for G. The least of three is taken: ||P||_F, ||P||_inf, and what
 * `blockBound` makes of a block of vectors that two products with P turn towards the largest eigenvectors. Where that
 * is not within half a percent of a Rayleigh quotient, m = 64 makes it at most n^(1/256) too large for sigma_max. Power
 * iteration would give a lower bound. G is scaled to a largest entry of 1 before every second squaring, with the logarithm of
 * the scales carried: unscaled, the powers leave float32.
 *
 * Room for the rounding of the products is added: 0.1 % and 4 n u, u their unit round-off.
 *
 * @param matrix `[rows, columns]`; entries finite
 * @param roundoff u, see `measureRoundoff`
 * @returns the bound, in float64 on the host; 0 for a zero matrix
 *
 * ```ts
 * await spectralNormBound(tf.tensor2d([[3, 0], [0, 4]]))  //-> 4.004
 * ```
 */
export async function spectralNormBound(
  matrix: Tensor2D,
  roundoff = float32Roundoff,
): Promise<number> {
  const own = await normFromGram(matrix, roundoff)
  if (own !== undefined) return own
  // The entries are scaled first, so that their squares are in range whatever their size.
  const largest = tidy(() => max(abs(matrix)))
  const numbers = await readOne(largest)
  const [size] = numbers
  if (size === 0) return 0
  const scaled = tidy(() => div(matrix, size!) as Tensor2D)
  try {
    return size! * (await normFromGram(scaled, roundoff))!
  } finally {
    scaled.dispose()
  }
}

/** The same of a matrix on the host, `[rows x columns]`. */
export async function hostNormBound(
  values: Float32Array,
  rows: number,
  columns: number,
  roundoff: number,
): Promise<number> {
  const matrix = tensor2d(values, [rows, columns])
  try {
    return await spectralNormBound(matrix, roundoff)
  } finally {
    matrix.dispose()
  }
}

/** The bound; undefined where the entries' squares may have left float32. */
async function normFromGram(matrix: Tensor2D, roundoff: number): Promise<number | undefined> {
  const n = Math.min(...matrix.shape)
  const scales: Scalar[] = []
  let power = gramOf(matrix)
  try {
    for (let squarings = 0; ; ) {
      for (const end = squarings === 0 ? few : most; squarings < end; squarings += 2) {
        const next = squaredTwice(power)
        power.dispose()
        power = next.power
        scales.push(next.scale)
      }
      const found = await boundOf(power, roundoff, scales)
      if (!squaresKept(found.scales[0]!)) return undefined
      const enough = found.upper <= found.lower * close ** (2 ** (squarings + 1))
      if (squarings < most && !enough) continue
      // lambda(G) = scale lambda(G / scale), and lambda(P) = lambda(P^4)^(1/4) at every two squarings.
      const logarithm = found.scales.reduceRight(
        (after, scale) => Math.log(scale) + after / 4,
        Math.log(found.upper),
      )
      return (1.001 + 4 * n * roundoff) * Math.exp(logarithm / 2)
    }
  } finally {
    for (const tensor of [power, ...scales]) tensor.dispose()
  }
}

/** The Gram matrix of the shorter side. */
function gramOf(matrix: Tensor2D): Tensor2D {
  const [rows, width] = matrix.shape
  const wide = rows < width
  if (getBackend() !== 'wasm') return matMul(matrix, matrix, !wide, wide)
  // A product with a transposed side is a plain loop there, over ten times as slow as turning the matrix first.
  return tidy(() => {
    const turned = transpose(matrix)
    return wide ? matMul(matrix, turned) : matMul(turned, matrix)
  })
}

/** (P / scale)^4. Powers of a Gram matrix have their largest entry on the diagonal, where none is negative. */
function squaredTwice(power: Tensor2D): {power: Tensor2D; scale: Scalar} {
  return tidy(() => {
    const scale = max(power) as Scalar
    const scaled = div(power, scale) as Tensor2D
    const twice = matMul(scaled, scaled)
    return {power: matMul(twice, twice), scale}
  })
}

/** Bounds on the largest eigenvalue of a power of G, and the scales that it was made with; read at once. */
async function boundOf(power: Tensor2D, roundoff: number, scales: readonly Scalar[]) {
  const n = power.shape[0]
  const read = await readTogether(() => {
    // Any start will do that is not orthogonal to the eigenvectors: seeded, the same each time.
    const start = randomUniform([n, columns], -1, 1, 'float32', 1) as Tensor2D
    const vectors = matMul(power, start)
    const norms = [sum(square(power)), max(sum(abs(power), 1))]
    return [...scales, ...norms, vectors, matMul(power, vectors)]
  })
  const [vectors, products] = read.splice(-2) as [Float32Array, Float32Array]
  const numbers = read.map(([value]) => value!)
  const [squares, rowSum] = numbers.splice(-2) as [number, number]
  const {upper, lower} = blockBound(n, vectors, products, squares, roundingFactor(n, roundoff))
  return {scales: numbers, upper: Math.min(upper, rowSum), lower}
}
