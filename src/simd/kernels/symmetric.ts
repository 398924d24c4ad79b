// Symmetric matrices of float64, [n x n], of which the lower triangle is read.
import {at, sumOfLanes} from './numbers'

/** For each row the column of its first entry that is not 0, int32 `[n]`; the diagonal's at the latest. */
export function firstEntries(matrix: usize, n: i32, first: usize): void {
  for (let i = 0; i < n; i++) {
    const row = at(matrix, i * n, 3)
    let j = 0
    while (j < i && load<f64>(at(row, j, 3)) === 0) j++
    store<i32>(at(first, i, 2), j)
  }
}

/** A x, `[n]`. */
export function times(matrix: usize, n: i32, first: usize, x: usize, out: usize): void {
  memory.fill(out, 0, (<usize>n) << 3)
  for (let i = 0; i < n; i++) {
    const row = at(matrix, i * n, 3)
    const xi = load<f64>(at(x, i, 3))
    const each = f64x2.splat(xi)
    let j = load<i32>(at(first, i, 2))
    let entry = at(row, j, 3)
    let other = at(x, j, 3)
    let to = at(out, j, 3)
    // Two sums do not wait for each other.
    let even = f64x2.splat(0)
    let odd = f64x2.splat(0)
    for (; j + 3 < i; j += 4) {
      const a = v128.load(entry)
      const b = v128.load(entry, 16)
      even = f64x2.add(even, f64x2.mul(a, v128.load(other)))
      odd = f64x2.add(odd, f64x2.mul(b, v128.load(other, 16)))
      v128.store(to, f64x2.add(v128.load(to), f64x2.mul(a, each)))
      v128.store(to, f64x2.add(v128.load(to, 16), f64x2.mul(b, each)), 16)
      entry += 32
      other += 32
      to += 32
    }
    let sum = sumOfLanes(f64x2.add(even, odd)) + load<f64>(at(row, i, 3)) * xi
    for (; j < i; j++) {
      const a = load<f64>(entry)
      sum += a * load<f64>(other)
      store<f64>(to, load<f64>(to) + a * xi)
      entry += 8
      other += 8
      to += 8
    }
    const own = at(out, i, 3)
    store<f64>(own, load<f64>(own) + sum)
  }
}

/** Whether bound I - A has a Cholesky factor, which is written to `factor`, `[n x n]`. */
export function hasCholeskyFactor(
  matrix: usize,
  n: i32,
  first: usize,
  bound: f64,
  factor: usize,
): bool {
  for (let i = 0; i < n; i++) {
    const ofMatrix = at(matrix, i * n, 3)
    const row = at(factor, i * n, 3)
    const start = load<i32>(at(first, i, 2))
    for (let j = start; j < i; j++) {
      const before = at(factor, j * n, 3)
      const from = max(start, load<i32>(at(first, j, 2)))
      const product = dot(at(row, from, 3), at(before, from, 3), j - from)
      const rest = load<f64>(at(ofMatrix, j, 3)) + product
      store<f64>(at(row, j, 3), -rest / load<f64>(at(before, j, 3)))
    }
    const own = at(row, start, 3)
    const rest = bound - load<f64>(at(ofMatrix, i, 3)) - dot(own, own, i - start)
    if (!(rest > 0)) return false
    store<f64>(at(row, i, 3), Math.sqrt(rest))
  }
  return true
}

/** The product of two runs of numbers; no sum waits for the one before. */
function dot(a: usize, b: usize, count: i32): f64 {
  let s0 = f64x2.splat(0)
  let s1 = f64x2.splat(0)
  let s2 = f64x2.splat(0)
  let s3 = f64x2.splat(0)
  let k = 0
  for (; k + 7 < count; k += 8) {
    s0 = f64x2.add(s0, f64x2.mul(v128.load(a), v128.load(b)))
    s1 = f64x2.add(s1, f64x2.mul(v128.load(a, 16), v128.load(b, 16)))
    s2 = f64x2.add(s2, f64x2.mul(v128.load(a, 32), v128.load(b, 32)))
    s3 = f64x2.add(s3, f64x2.mul(v128.load(a, 48), v128.load(b, 48)))
    a += 64
    b += 64
  }
  for (; k + 1 < count; k += 2) {
    s0 = f64x2.add(s0, f64x2.mul(v128.load(a), v128.load(b)))
    a += 16
    b += 16
  }
  let sum = sumOfLanes(f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3)))
  if (k < count) sum += load<f64>(a) * load<f64>(b)
  return sum
}
