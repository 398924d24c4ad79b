import {native64} from '../../native64.js'

/** Steps of the Lanczos recursion that guesses the eigenvalue. */
const steps = 10

/** From here on native TensorFlow factors faster than the host, where it is the backend. */
const worthSending = 96

/**
 * A certified upper bound on the largest eigenvalue of a symmetric, positive semidefinite matrix of `n` rows.
 *
 * A Lanczos recursion guesses it from below; the guess, made a little larger, is certified by a Cholesky
 * factor of bound I - A, which exists only if the bound is above every eigenvalue. Where it does not exist, a larger
 * one is tried. The trace is the last resort. Room for the rounding of the factor, n^2 2^-52, is added.
 *
 * @param matrix `[n x n]`; only its lower triangle is read
 *
 * ```ts
 * largestEigenvalue(Float64Array.of(2, 0, 0, 3), 2)  //-> 3.03
 * ```
 */
export function largestEigenvalue(matrix: Float64Array, n: number): number {
  const trace = Array.from({length: n}, (_, i) => matrix[i * n + i]!).reduce((a, b) => a + b, 0)
  if (n === 1 || !(trace > 0)) return trace
  const guess = lanczos(matrix, n)
  for (const room of [1.01, 1.03, 1.08, 1.2, 1.5]) {
    const bound = guess * room
    if (bound < trace && exceedsAll(matrix, n, bound)) return bound * (1 + n * n * 2 ** -52)
  }
  return trace
}

/** The largest eigenvalue of the tridiagonal matrix of a few Lanczos steps. */
function lanczos(matrix: Float64Array, n: number): number {
  let before = new Float64Array(n)
  // Any start will do that is not orthogonal to the eigenvector.
  let now = Float64Array.from({length: n}, (_, i) => 1 + 0.5 * Math.sin(12.9898 * (i + 1)))
  const length = Math.sqrt(now.reduce((sum, v) => sum + v * v, 0))
  now = now.map((v) => v / length)
  const diagonal: number[] = []
  const beside: number[] = []
  for (let k = 0; k < Math.min(steps, n); k++) {
    const next = times(matrix, n, now)
    let along = 0
    for (let i = 0; i < n; i++) along += next[i]! * now[i]!
    diagonal.push(along)
    let squares = 0
    for (let i = 0; i < n; i++) {
      const rest = next[i]! - along * now[i]! - (beside.at(-1) ?? 0) * before[i]!
      next[i] = rest
      squares += rest * rest
    }
    const rest = Math.sqrt(squares)
    if (rest <= 1e-12 * Math.abs(along)) break
    beside.push(rest)
    before = now
    now = next.map((v) => v / rest)
  }
  return largestOfTridiagonal(diagonal, beside)
}

/** A x, from the lower triangle of A. */
function times(matrix: Float64Array, n: number, x: Float64Array): Float64Array<ArrayBuffer> {
  const out = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    const row = i * n
    const xi = x[i]!
    let sum = matrix[row + i]! * xi
    for (let j = 0; j < i; j++) {
      const entry = matrix[row + j]!
      sum += entry * x[j]!
      out[j]! += entry * xi
    }
    out[i]! += sum
  }
  return out
}

/** By bisection: all pivots of bound I - T are above 0 where the bound is above every eigenvalue. */
function largestOfTridiagonal(diagonal: readonly number[], beside: readonly number[]): number {
  let low = Math.max(...diagonal)
  let high = Math.max(...diagonal.map((d, k) => d + (beside[k] ?? 0) + (beside[k - 1] ?? 0)))
  for (let k = 0; k < 30 && high - low > 1e-4 * high; k++) {
    const middle = (low + high) / 2
    let pivot = 1
    const above = diagonal.every((d, at) => {
      pivot = middle - d - (at > 0 ? beside[at - 1]! ** 2 / pivot : 0)
      return pivot > 0
    })
    if (above) high = middle
    else low = middle
  }
  return high
}

/** Written before it is read, so that it can serve every matrix. */
let scratch = new Float64Array(0)

/** Whether bound I - A has a Cholesky factor. */
function exceedsAll(matrix: Float64Array, n: number, bound: number): boolean {
  const native = n >= worthSending ? native64() : undefined
  if (native) {
    const shifted = matrix.map((entry) => -entry)
    for (let i = 0; i < n; i++) shifted[i * (n + 1)]! += bound
    return native.cholesky(shifted, n) !== undefined
  }
  if (scratch.length < n * n) scratch = new Float64Array(n * n)
  const factor = scratch
  for (let i = 0; i < n; i++) {
    const rowI = i * n
    for (let j = 0; j < i; j++) {
      const rowJ = j * n
      let rest = -matrix[rowI + j]!
      for (let k = 0; k < j; k++) rest -= factor[rowI + k]! * factor[rowJ + k]!
      factor[rowI + j] = rest / factor[rowJ + j]!
    }
    let rest = bound - matrix[rowI + i]!
    for (let k = 0; k < i; k++) rest -= factor[rowI + k]! ** 2
    if (!(rest > 0)) return false
    factor[rowI + i] = Math.sqrt(rest)
  }
  return true
}
