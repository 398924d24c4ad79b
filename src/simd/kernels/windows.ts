// Rows of float32 that are windows of an image.
import {at, highHalf, lowHalf, sumOfLanes} from './numbers'

/**
 * The products of rows with each other, of two windows only where they overlap.
 *
 * @param rows how many; they begin `size` numbers apart
 * @param top and `left`: where each window begins in the image
 * @param height and `width` of a window, in places of `channels` numbers
 * @param grams takes them, `stride` apart from row to row; what is not written is 0 before
 */
export function windowProducts(
  values: usize,
  rows: i32,
  top: usize,
  left: usize,
  height: i32,
  width: i32,
  channels: i32,
  grams: usize,
  stride: i32,
): void {
  const line = width * channels
  const size = height * line
  // Rows are mostly in the order of their units: those before `begin` end above this one's window.
  let begin = 0
  for (let row = 0; row < rows; row++) {
    const ownTop = load<i32>(at(top, row, 2))
    const ownLeft = load<i32>(at(left, row, 2))
    if (row > 0 && ownTop < load<i32>(at(top, row - 1, 2))) begin = 0
    while (begin < row && load<i32>(at(top, begin, 2)) <= ownTop - height) begin++
    for (let other = begin; other <= row; other++) {
      // How far the other window begins after this one.
      const below = load<i32>(at(top, other, 2)) - ownTop
      const beside = load<i32>(at(left, other, 2)) - ownLeft
      const lines = height - abs(below)
      const run = (width - abs(beside)) * channels
      if (lines <= 0 || run <= 0) continue
      const a = row * size + max(0, below) * line + max(0, beside) * channels
      const b = other * size + max(0, -below) * line + max(0, -beside) * channels
      const sum = <f32>productOfBlocks(at(values, a, 2), at(values, b, 2), lines, line, run)
      store<f32>(at(grams, row * stride + other, 2), sum)
      store<f32>(at(grams, other * stride + row, 2), sum)
    }
  }
}

/** The product of two blocks: `lines` runs of numbers each, `line` apart. */
function productOfBlocks(a: usize, b: usize, lines: i32, line: i32, run: i32): f64 {
  let low = f64x2.splat(0)
  let high = f64x2.splat(0)
  let rest: f64 = 0
  for (let i = 0; i < lines; i++) {
    let p = at(a, i * line, 2)
    let q = at(b, i * line, 2)
    let k = 0
    for (; k + 3 < run; k += 4) {
      const left = v128.load(p)
      const right = v128.load(q)
      low = f64x2.add(low, f64x2.mul(lowHalf(left), lowHalf(right)))
      high = f64x2.add(high, f64x2.mul(highHalf(left), highHalf(right)))
      p += 16
      q += 16
    }
    for (; k < run; k++) {
      rest += <f64>load<f32>(p) * load<f32>(q)
      p += 4
      q += 4
    }
  }
  return sumOfLanes(f64x2.add(low, high)) + rest
}
