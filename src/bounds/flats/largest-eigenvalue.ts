import {kernels, type Workspace, workspace} from '../../simd/index.js'

/** Steps of the Lanczos recursion that guesses the eigenvalue. */
const steps = 10

/** Two steps that make the guess larger by a smaller share than this are enough. */
const standsStill = 2e-3

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
  const room = workspace(8 * n * n + bytesFor(n))
  const own = room.float64(n * n)
  own.set(matrix.subarray(0, n * n))
  return largestEigenvalueWithin(room, own, n)
}

/** Bytes that `largestEigenvalueWithin` takes. */
export const bytesFor = (n: number): number => 8 * n * (n + 4) + 128

/** The same of a matrix that is in a workspace, with room there for `bytesFor(n)`. */
export function largestEigenvalueWithin(room: Workspace, matrix: Float64Array, n: number): number {
  let trace = 0
  for (let i = 0; i < n; i++) trace += matrix[i * n + i]!
  if (n === 1 || !(trace > 0)) return trace
  const {firstEntries, hasCholeskyFactor} = kernels()
  const [at, first] = [matrix.byteOffset, room.int32(n).byteOffset]
  firstEntries(at, n, first)
  const guess = lanczos(room, at, n, first)
  const factor = room.float64(n * n).byteOffset
  for (const more of [1.01, 1.03, 1.08, 1.2, 1.5]) {
    const bound = guess * more
    if (bound < trace && hasCholeskyFactor(at, n, first, bound, factor)) {
      return bound * (1 + n * n * 2 ** -52)
    }
  }
  return trace
}

/** Writes a vector of length 1; any will do that is not orthogonal to the eigenvector. */
function start(own: Float64Array): void {
  const n = own.length
  const known = waves.length
  if (known < n) {
    const longer = new Float64Array(2 * n)
    longer.set(waves)
    for (let i = known; i < longer.length; i++) longer[i] = 1 + 0.5 * Math.sin(12.9898 * (i + 1))
    waves = longer
  }
  own.set(waves.subarray(0, n))
  let squares = 0
  for (let i = 0; i < n; i++) squares += own[i]! * own[i]!
  const length = Math.sqrt(squares)
  for (let i = 0; i < n; i++) own[i]! /= length
}

/** Made once, as long as the longest that was asked for. */
let waves = new Float64Array(0)

/** The largest eigenvalue of the tridiagonal matrix of a few Lanczos steps. */
function lanczos(own: Workspace, matrix: number, n: number, first: number): number {
  const {times} = kernels()
  let [before, now, next] = [own.float64(n).fill(0), own.float64(n), own.float64(n)]
  start(now)
  const diagonal: number[] = []
  const beside: number[] = []
  let guess = 0
  for (let k = 0; k < Math.min(steps, n); k++) {
    times(matrix, n, first, now.byteOffset, next.byteOffset)
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
