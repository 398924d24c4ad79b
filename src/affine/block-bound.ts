import {EigenvalueDecomposition, Matrix} from 'ml-matrix'

/** A vector of which less than this share is new adds nothing but rounding. */
const leastNew = 1e-2

/** Bounds on the largest eigenvalue of a matrix. */
export interface EigenvalueBounds {
  readonly upper: number
  /** A Rayleigh quotient: what rounding does to it is not part of it. */
  readonly lower: number
}

/**
 * Bounds on the largest eigenvalue of a symmetric, positive semidefinite matrix P `[n x n]` from its products with a few
 * vectors. In an orthonormal basis Q of these, P is
 *
 *     ( A  C^T )        A = Q^T P Q,  C = P Q - Q A  (the rest of P Q),
 *     ( C  R   )        ||R||_F^2 = ||P||_F^2 - ||A||_F^2 - 2 ||C||_F^2,
 *
 * and lambda_max(P) is at most that of ((lambda_max(A), ||C||_F), (||C||_F, ||R||_F)). It is close where the vectors
 * lean towards the largest eigenvectors: C is small then, and R holds the small eigenvalues. Never above ||P||_F.
 *
 * The products are rounded, by at most `rounding` ||P||_F for a vector of length 1, and making the basis magnifies that by up to
 * 1 / 1e-2: so much is added.
 *
 * @param vectors `[n x k]`
 * @param products P times each of them, `[n x k]`
 * @param squares ||P||_F^2
 *
 * ```ts
 * // P = diag(3, 1), one vector (1, 0)
 * blockBound(2, Float32Array.of(1, 0), Float32Array.of(3, 0), 10, 0)  //-> {upper: 3.00002, lower: 3}
 * ```
 */
export function blockBound(
  n: number,
  vectors: Float32Array,
  products: Float32Array,
  squares: number,
  rounding: number,
): EigenvalueBounds {
  const {basis, images} = orthonormal(n, vectors, products)
  const frobenius = Math.sqrt(squares)
  if (basis.length === 0) return {upper: frobenius, lower: 0}
  const a = Matrix.zeros(basis.length, basis.length)
  let crossing = 0
  images.forEach((image, j) => {
    const rest = image.slice()
    basis.forEach((vector, i) => {
      const along = dot(vector, image)
      a.set(i, j, along)
      subtract(rest, along, vector)
    })
    crossing += dot(rest, rest)
  })
  const symmetric = Matrix.add(a, a.transpose()).div(2)
  const lower = Math.max(
    ...new EigenvalueDecomposition(symmetric, {assumeSymmetric: true}).realEigenvalues,
  )
  // The difference of sums in float32 has lost what is below this.
  const lost = 1e-5 * squares
  const rest = Math.sqrt(Math.max(0, squares - symmetric.norm() ** 2 - 2 * crossing) + lost)
  const half = (lower - rest) / 2
  const largest = (lower + rest) / 2 + Math.sqrt(half * half + crossing)
  return {upper: Math.min(frobenius, largest + (rounding / leastNew) * frobenius), lower}
}

/** Columns made orthonormal one after the other (Gram and Schmidt, each twice), and the same done to their images. */
function orthonormal(n: number, vectors: Float32Array, products: Float32Array) {
  const basis: Float64Array[] = []
  const images: Float64Array[] = []
  const columns = vectors.length / n
  for (let j = 0; j < columns; j++) {
    const vector = column(vectors, j, columns)
    const image = column(products, j, columns)
    const before = Math.sqrt(dot(vector, vector))
    for (let pass = 0; pass < 2; pass++) {
      basis.forEach((known, i) => {
        const along = dot(known, vector)
        subtract(vector, along, known)
        subtract(image, along, images[i]!)
      })
    }
    const length = Math.sqrt(dot(vector, vector))
    if (!(length > leastNew * before)) continue
    divide(vector, length)
    divide(image, length)
    basis.push(vector)
    images.push(image)
  }
  return {basis, images}
}

function column(values: Float32Array, j: number, columns: number): Float64Array {
  const out = new Float64Array(values.length / columns)
  for (let i = 0; i < out.length; i++) out[i] = values[i * columns + j]!
  return out
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

function divide(values: Float64Array, by: number): void {
  for (let i = 0; i < values.length; i++) values[i]! /= by
}

function subtract(from: Float64Array, factor: number, vector: Float64Array): void {
  for (let i = 0; i < from.length; i++) from[i]! -= factor * vector[i]!
}
