// Gram matrices of float32, rows of `stride` numbers, of which the lower triangle of n rows is read.
import {at, highHalf, lowHalf, sumOfLanes} from './numbers'

/** The sum of all products' squares, each times the shares of its row and its column. */
export function weightedSquares(gram: usize, stride: i32, n: i32, shares: usize): f64 {
  let total: f64 = 0
  for (let i = 0; i < n; i++) {
    let entry = at(gram, i * stride, 2)
    let share = shares
    let low = f64x2.splat(0)
    let high = f64x2.splat(0)
    let j = 0
    for (; j + 3 < i; j += 4) {
      const entries = v128.load(entry)
      const a = lowHalf(entries)
      const b = highHalf(entries)
      low = f64x2.add(low, f64x2.mul(f64x2.mul(a, a), v128.load(share)))
      high = f64x2.add(high, f64x2.mul(f64x2.mul(b, b), v128.load(share, 16)))
      entry += 16
      share += 32
    }
    let sum = sumOfLanes(f64x2.add(low, high))
    for (; j < i; j++) {
      const a: f64 = load<f32>(entry)
      sum += a * a * load<f64>(share)
      entry += 4
      share += 8
    }
    const own: f64 = load<f32>(entry)
    const ofRow = load<f64>(share)
    total += (2 * sum + own * own * ofRow) * ofRow
  }
  return total
}

/** Adds the products below the diagonal to a matrix of float64, `[n x n]`, times a weight and the factors of row and column. */
export function addProducts(
  matrix: usize,
  n: i32,
  gram: usize,
  stride: i32,
  weight: f64,
  factors: usize,
): void {
  for (let i = 0; i < n; i++) {
    const ofRow = weight * load<f64>(at(factors, i, 3))
    const each = f64x2.splat(ofRow)
    let to = at(matrix, i * n, 3)
    let entry = at(gram, i * stride, 2)
    let factor = factors
    let j = 0
    for (; j + 3 < i; j += 4) {
      const entries = v128.load(entry)
      const a = f64x2.mul(f64x2.mul(each, lowHalf(entries)), v128.load(factor))
      const b = f64x2.mul(f64x2.mul(each, highHalf(entries)), v128.load(factor, 16))
      v128.store(to, f64x2.add(v128.load(to), a))
      v128.store(to, f64x2.add(v128.load(to, 16), b), 16)
      to += 32
      entry += 16
      factor += 32
    }
    for (; j < i; j++) {
      const product = ofRow * <f64>load<f32>(entry) * load<f64>(factor)
      store<f64>(to, load<f64>(to) + product)
      to += 8
      entry += 4
      factor += 8
    }
  }
}
