/** Pivots below this share of the largest leave too few digits in a Gram matrix. */
const leastPivot = 1e-8

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
  const factor = gram(kernel, inputSize, n)
  let largest = 0
  for (let i = 0; i < n; i++) largest = Math.max(largest, factor[i * n + i]!)
  for (let j = 0; j < n; j++) {
    const rowJ = factor.subarray(j * n, j * n + j)
    const pivot = factor[j * n + j]! - dot(rowJ, rowJ)
    if (!(pivot > leastPivot * largest)) return undefined
    const root = Math.sqrt(pivot)
    factor[j * n + j] = root
    for (let i = j + 1; i < n; i++) {
      const rowI = factor.subarray(i * n, i * n + j)
      factor[i * n + j] = (factor[i * n + j]! - dot(rowI, rowJ)) / root
    }
    factor.fill(0, j * n + j + 1, (j + 1) * n)
  }
  return factor
}

/** The lower triangle of W W^T. */
function gram(kernel: Float64Array, inputSize: number, n: number): Float64Array {
  const sums = new Float64Array(n * n)
  for (let k = 0; k < inputSize; k++) {
    const at = k * n
    for (let i = 0; i < n; i++) {
      const w = kernel[at + i]!
      if (w === 0) continue
      const row = i * n
      for (let j = 0; j <= i; j++) sums[row + j]! += w * kernel[at + j]!
    }
  }
  return sums
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}
