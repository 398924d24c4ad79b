import {native64} from '../../native64.js'

/** Steps of the Lanczos recursion that guesses the eigenvalue. */
const steps = 10

/** Two steps that make the guess larger by a smaller share than this are enough. */
const standsStill = 2e-3

/** From so many products on native TensorFlow factors faster than the host, where it is the backend. */
const worthSending = 2 ** 18

/**
 * A certified upper bound on the largest eigenvalue of a symmetric, positive semidefinite matrix of `n` rows.
 *
 * A Lanczos recursion guesses it from below; the guess, made a little larger, is certified by a Cholesky
 * factor of bound I - A, which exists only if the bound is above every eigenvalue. Where it does not exist, a larger
 * one is tried. The trace is the last resort. Room for the rounding of the factor, n^2 2^-52, is added.
 *
 * Zeros before the first entry of a row stay zeros in the factor, and are passed over: rows that are windows of an
 * image have products with their neighbours alone.
 *
 * @param matrix `[n x n]`, or longer; only its lower triangle is read
 *
 * ```ts
 * largestEigenvalue(Float64Array.of(2, 0, 0, 3), 2)  //-> 3.03
 * ```
 */
export function largestEigenvalue(matrix: Float64Array, n: number): number {
  let trace = 0
  for (let i = 0; i < n; i++) trace += matrix[i * n + i]!
  if (n === 1 || !(trace > 0)) return trace
  const first = firstEntries(matrix, n)
  const guess = lanczos(matrix, first)
  for (const room of [1.01, 1.03, 1.08, 1.2, 1.5]) {
    const bound = guess * room
    if (bound < trace && exceedsAll(matrix, first, bound)) return bound * (1 + n * n * 2 ** -52)
  }
  return trace
}

/** Where the first entry of each row is that is not 0; the diagonal's at the latest. */
function firstEntries(matrix: Float64Array, n: number): Int32Array {
  const first = new Int32Array(n)
  for (let i = 0, row = 0; i < n; i++, row += n) {
    let j = 0
    while (j < i && matrix[row + j] === 0) j++
    first[i] = j
  }
  return first
}

/** Any vector of length 1 will do that is not orthogonal to the eigenvector. */
function start(n: number): Float64Array<ArrayBuffer> {
  const known = waves.length
  if (known < n) {
    const longer = new Float64Array(2 * n)
    longer.set(waves)
    for (let i = known; i < longer.length; i++) longer[i] = 1 + 0.5 * Math.sin(12.9898 * (i + 1))
    waves = longer
  }
  const own = waves.slice(0, n)
  let squares = 0
  for (let i = 0; i < n; i++) squares += own[i]! * own[i]!
  const length = Math.sqrt(squares)
  for (let i = 0; i < n; i++) own[i]! /= length
  return own
}

/** Made once, as long as the longest that was asked for. */
let waves = new Float64Array(0)

/** The largest eigenvalue of the tridiagonal matrix of a few Lanczos steps. */
function lanczos(matrix: Float64Array, first: Int32Array): number {
  const n = first.length
  let before = new Float64Array(n)
  let now = start(n)
  let next = new Float64Array(n)
  const diagonal: number[] = []
  const beside: number[] = []
  let guess = 0
  for (let k = 0; k < Math.min(steps, n); k++) {
    times(matrix, first, now, next)
    let along = 0
    for (let i = 0; i < n; i++) along += next[i]! * now[i]!
    const last = beside.at(-1) ?? 0
    diagonal.push(along)
    let squares = 0
    for (let i = 0; i < n; i++) {
      const rest = next[i]! - along * now[i]! - last * before[i]!
      next[i] = rest
      squares += rest * rest
    }
    const rest = Math.sqrt(squares)
    if (rest <= 1e-12 * Math.abs(along)) break
    // Each step brings less than the one before.
    if (k % 2 === 1) {
      const found = largestOfTridiagonal(diagonal, beside)
      if (found - guess < standsStill * found) return found
      guess = found
    }
    beside.push(rest)
    const oldest = before
    before = now
    now = next
    next = oldest
    for (let i = 0; i < n; i++) now[i]! /= rest
  }
  return largestOfTridiagonal(diagonal, beside)
}

/** A x, from the lower triangle of A. */
function times(matrix: Float64Array, first: Int32Array, x: Float64Array, out: Float64Array): void {
  const n = first.length
  out.fill(0)
  for (let i = 0, row = 0; i < n; i++, row += n) {
    const xi = x[i]!
    // Two sums do not wait for each other.
    let even = matrix[row + i]! * xi
    let odd = 0
    let j = first[i]!
    for (; j + 1 < i; j += 2) {
      const entry = matrix[row + j]!
      const other = matrix[row + j + 1]!
      even += entry * x[j]!
      odd += other * x[j + 1]!
      out[j]! += entry * xi
      out[j + 1]! += other * xi
    }
    if (j < i) {
      even += matrix[row + j]! * x[j]!
      out[j]! += matrix[row + j]! * xi
    }
    out[i]! += even + odd
  }
}

/** By bisection: all pivots of bound I - T are above 0 where the bound is above every eigenvalue. */
function largestOfTridiagonal(diagonal: readonly number[], beside: readonly number[]): number {
  let low = Math.max(...diagonal)
  let high = Math.max(...diagonal.map((d, k) => d + (beside[k] ?? 0) + (beside[k - 1] ?? 0)))
  for (let k = 0; k < 30 && high - low > 1e-4 * high; k++) {
    const middle = (low + high) / 2
    if (isAbove(middle, diagonal, beside)) high = middle
    else low = middle
  }
  return high
}

function isAbove(bound: number, diagonal: readonly number[], beside: readonly number[]): boolean {
  let pivot = bound - diagonal[0]!
  for (let k = 1; k < diagonal.length && pivot > 0; k++) {
    pivot = bound - diagonal[k]! - beside[k - 1]! ** 2 / pivot
  }
  return pivot > 0
}

/** Written before it is read, so that it can serve every matrix. */
let scratch = new Float64Array(0)

/** Whether bound I - A has a Cholesky factor. */
function exceedsAll(matrix: Float64Array, first: Int32Array, bound: number): boolean {
  const n = first.length
  let products = 0
  for (let i = 0; i < n; i++) products += (i - first[i]!) ** 2 / 2
  const native = products >= worthSending ? native64() : undefined
  if (native) {
    const shifted = new Float64Array(n * n)
    for (let i = 0, row = 0; i < n; i++, row += n) {
      for (let j = first[i]!; j < i; j++) shifted[row + j] = -matrix[row + j]!
      shifted[row + i] = bound - matrix[row + i]!
    }
    return native.cholesky(shifted, n) !== undefined
  }
  if (scratch.length < n * n) scratch = new Float64Array(n * n)
  const factor = scratch
  for (let i = 0; i < n; i++) {
    const rowI = i * n
    const start = first[i]!
    for (let j = start; j < i; j++) {
      const rowJ = j * n
      const from = Math.max(start, first[j]!)
      const rest = matrix[rowI + j]! + dot(factor, rowI + from, rowJ + from, j - from)
      factor[rowI + j] = -rest / factor[rowJ + j]!
    }
    const rest = bound - matrix[rowI + i]! - dot(factor, rowI + start, rowI + start, i - start)
    if (!(rest > 0)) return false
    factor[rowI + i] = Math.sqrt(rest)
  }
  return true
}

/** The product of two runs of numbers. No sum waits for the one before, and each stays in a register: twice as fast. */
function dot(values: Float64Array, a: number, b: number, length: number): number {
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  let k = 0
  for (; k + 3 < length; k += 4) {
    s0 += values[a + k]! * values[b + k]!
    s1 += values[a + k + 1]! * values[b + k + 1]!
    s2 += values[a + k + 2]! * values[b + k + 2]!
    s3 += values[a + k + 3]! * values[b + k + 3]!
  }
  for (; k < length; k++) s0 += values[a + k]! * values[b + k]!
  return s0 + s1 + (s2 + s3)
}
