import {once} from '../once.js'

/** Pivots below this share of the largest leave too few digits in a Gram matrix. */
const leastPivot = 1e-8

/** The host makes the factor this many times slower than the backend multiplies. */
const slowness = 20

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
    return asked * sparedByRow > (slowness * inputSize) / 2 ? made() : undefined
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
  const factor = gram(kernel, inputSize, n)
  let largest = 0
  for (let i = 0; i < n; i++) largest = Math.max(largest, factor[i * n + i]!)
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

/** The lower triangle of W W^T. */
function gram(kernel: Float64Array, inputSize: number, n: number): Float64Array {
  const sums = new Float64Array(n * n)
  // Four inputs at a time: each sum is loaded and stored once for four products.
  for (let k = 0; k < inputSize; k += 4) {
    const [a, b, c, d] = [k * n, (k + 1) * n, (k + 2) * n, (k + 3) * n]
    const rest = inputSize - k
    for (let i = 0; i < n; i++) {
      const wa = kernel[a + i]!
      const wb = rest > 1 ? kernel[b + i]! : 0
      const wc = rest > 2 ? kernel[c + i]! : 0
      const wd = rest > 3 ? kernel[d + i]! : 0
      for (let j = 0, row = i * n; j <= i; j++, row++) {
        let sum = wa * kernel[a + j]!
        if (rest > 3) sum += wb * kernel[b + j]! + wc * kernel[c + j]! + wd * kernel[d + j]!
        else if (rest > 1) sum += wb * kernel[b + j]! + (rest > 2 ? wc * kernel[c + j]! : 0)
        sums[row]! += sum
      }
    }
  }
  return sums
}
