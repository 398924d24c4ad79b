import {once} from '../common/once.js'
import {native64} from '../forward/native64.js'

/** Pivots below this share of the largest leave too few digits in a Gram matrix. */
const leastPivot = 1e-8

/** The factor is made this many times slower than the backend multiplies float32: on the host, and by native TensorFlow. */
const slowness = {host: 60, native: 12}

/**
 * Counts the rows that are asked for and makes the factor when the products it spares are worth those that
 * making it takes; from then on it is always used.
 */
export function whenWorthIt<T>(inputSize: number, outputSize: number, make: () => T | undefined) {
  const sparedByRow = inputSize / outputSize - 1
  const made = once(make)
  let asked = 0
  return (rows: number): T | undefined => {
    asked += rows
    const slow = slowness[native64() ? 'native' : 'host']
    return asked * sparedByRow > (slow * inputSize) / 2 ? made() : undefined
  }
}

/**
 * The Cholesky factor F of W W^T (F F^T = W W^T), in float64: whatever the row vector v, v F is as long as v W.
 * Where W is wide that is a much smaller matrix.
 *
 * A Gram matrix has the square of W's condition number: with pivots down to 1e-8 of the largest diagonal entry,
 * lengths keep about seven digits. Zero, equal or nearly dependent rows fail the check.
 *
 * @param kernel W transposed, `[in x out]`
 * @returns F, `[out x out]`, lower triangular; undefined where W is not wide or the check fails
 */
export function lengthFactor(
  kernel: Float64Array,
  inputSize: number,
  outputSize: number,
): Float64Array | undefined {
  if (inputSize <= outputSize) return undefined
  const n = outputSize
  const native = native64()
  if (!native) return cholesky(gram(kernel, inputSize, n), n)
  const products = native.gram(kernel, inputSize, n)
  const factor = native.cholesky(products, n)
  return factor && leastOf(factor, n) ** 2 > leastPivot * largestOf(products, n)
    ? factor
    : undefined
}

/** The largest entry on the diagonal. */
function largestOf(matrix: Float64Array, n: number): number {
  let largest = 0
  for (let i = 0; i < n; i++) largest = Math.max(largest, matrix[i * n + i]!)
  return largest
}

/** The least entry on the diagonal. */
function leastOf(matrix: Float64Array, n: number): number {
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < n; i++) least = Math.min(least, matrix[i * n + i]!)
  return least
}

/** Puts the factor in place of the lower triangle of a Gram matrix. */
function cholesky(factor: Float64Array, n: number): Float64Array | undefined {
  const largest = largestOf(factor, n)
  for (let i = 0; i < n; i++) {
    const rowI = i * n
    for (let j = 0; j <= i; j++) {
      const rowJ = j * n
      let rest = factor[rowI + j]!
      for (let k = 0; k < j; k++) rest -= factor[rowI + k]! * factor[rowJ + k]!
      if (j < i) factor[rowI + j] = rest / factor[rowJ + j]!
      else if (rest > leastPivot * largest) factor[rowI + j] = Math.sqrt(rest)
      else return undefined
    }
  }
  return factor
}

/** The lower triangle of W W^T, in tiles of two rows by four: each weight is loaded once for several products. */
function gram(kernel: Float64Array, inputSize: number, n: number): Float64Array {
  const side = Math.ceil(n / 4) * 4
  const rows = new Float64Array(side * inputSize)
  for (let k = 0; k < inputSize; k++) {
    for (let i = 0; i < n; i++) rows[i * inputSize + k] = kernel[k * n + i]!
  }
  const sums = new Float64Array(n * n)
  for (let i = 0; i < n; i += 2) {
    for (let j = 0; j <= i + 1 && j < n; j += 4) tile(rows, inputSize, i, j, n, sums)
  }
  return sums
}

function tile(
  rows: Float64Array,
  length: number,
  i: number,
  j: number,
  n: number,
  sums: Float64Array,
): void {
  const [r0, r1] = [i * length, (i + 1) * length]
  const [c0, c1, c2, c3] = [j * length, (j + 1) * length, (j + 2) * length, (j + 3) * length]
  let [a0, a1, a2, a3, b0, b1, b2, b3] = [0, 0, 0, 0, 0, 0, 0, 0]
  for (let k = 0; k < length; k++) {
    const a = rows[r0 + k]!
    const b = rows[r1 + k]!
    const p = rows[c0 + k]!
    const q = rows[c1 + k]!
    const s = rows[c2 + k]!
    const t = rows[c3 + k]!
    a0 += a * p
    a1 += a * q
    a2 += a * s
    a3 += a * t
    b0 += b * p
    b1 += b * q
    b2 += b * s
    b3 += b * t
  }
  const found = [a0, a1, a2, a3, b0, b1, b2, b3]
  for (let row = 0; row < 2; row++) {
    for (let column = 0; column < 4; column++) {
      if (i + row < n && j + column <= i + row)
        sums[(i + row) * n + j + column] = found[row * 4 + column]!
    }
  }
}
