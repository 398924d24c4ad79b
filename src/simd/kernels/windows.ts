// Rows of float32 that are windows of an image.
import {at, highHalf, lowHalf, sumOfLanes} from './numbers'

/**
 * Puts runs of numbers through lines, in place. A run is four int32: its row, where it begins in the values, and in the
 * image, and how many numbers it has.
 *
 * @param points of each row
 * @param units of one point
 * @param slopes of all points' units; 1 where two lines differ, whose entries are passed apart from the others
 * @param before how many units of two lines there are before each unit, over all points
 * @param bent places of these, and of each the lower slope, the upper one, the lower gap and the upper one
 * @param slack of each row: what the gaps make is added
 */
export function passRuns(
  values: usize,
  runs: usize,
  count: i32,
  points: usize,
  units: i32,
  slopes: usize,
  before: usize,
  bent: usize,
  bentCount: i32,
  slack: usize,
): void {
  const lowerSlope = at(bent, bentCount, 2)
  const upperSlope = at(lowerSlope, bentCount, 2)
  const lowerGap = at(upperSlope, bentCount, 2)
  const upperGap = at(lowerGap, bentCount, 2)
  for (let r = 0; r < count; r++) {
    const run = at(runs, r, 4)
    const row = load<i32>(run)
    const from = at(values, load<i32>(run, 4), 2)
    const unit = load<i32>(run, 8)
    const length = load<i32>(run, 12)
    const place = load<i32>(at(points, row, 2)) * units + unit
    let sum: f64 = 0
    const end = load<i32>(at(before, place + length, 2))
    for (let b = load<i32>(at(before, place, 2)); b < end; b++) {
      const own = at(from, load<i32>(at(bent, b, 2)) - unit, 2)
      const entry: f64 = load<f32>(own)
      const positive = max(entry, 0)
      const negative = positive - entry
      const lower: f64 = load<f32>(at(lowerSlope, b, 2))
      const upper: f64 = load<f32>(at(upperSlope, b, 2))
      store<f32>(own, <f32>(positive * lower - negative * upper))
      sum += positive * load<f32>(at(lowerGap, b, 2)) + negative * load<f32>(at(upperGap, b, 2))
    }
    const total = at(slack, row, 2)
    store<f32>(total, <f32>(load<f32>(total) + sum))
    multiply(from, at(slopes, place, 2), length)
  }
}

function multiply(values: usize, factors: usize, count: i32): void {
  let k = 0
  for (; k + 3 < count; k += 4) {
    v128.store(values, f32x4.mul(v128.load(values), v128.load(factors)))
    values += 16
    factors += 16
  }
  for (; k < count; k++) {
    store<f32>(values, load<f32>(values) * load<f32>(factors))
    values += 4
    factors += 4
  }
}

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
