// Rows of float32 that are windows of an image.
import {at, highHalf, lowHalf, sumOfLanes} from './numbers'
import {addBent, addStraight, gapsOf, passBent, passStraight} from './rows'

/**
 * The products of rows with each other, of two windows only where they overlap inside the image.
 *
 * @param rows how many; they begin `size` numbers apart
 * @param top and `left`: where each window begins in the image; it may reach beyond
 * @param height and `width` of a window, in places of `channels` numbers
 * @param factor what each product is multiplied with
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
  imageHeight: i32,
  imageWidth: i32,
  factor: f64,
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
      const otherTop = load<i32>(at(top, other, 2))
      const otherLeft = load<i32>(at(left, other, 2))
      const y = max(0, max(ownTop, otherTop))
      const x = max(0, max(ownLeft, otherLeft))
      const lines = min(imageHeight, min(ownTop, otherTop) + height) - y
      const run = (min(imageWidth, min(ownLeft, otherLeft) + width) - x) * channels
      if (lines <= 0 || run <= 0) continue
      const a = row * size + (y - ownTop) * line + (x - ownLeft) * channels
      const b = other * size + (y - otherTop) * line + (x - otherLeft) * channels
      const sum = factor * productOfBlocks(at(values, a, 2), at(values, b, 2), lines, line, run)
      store<f32>(at(grams, row * stride + other, 2), <f32>sum)
      store<f32>(at(grams, other * stride + row, 2), <f32>sum)
    }
  }
}

/**
 * Passes windows of one point's image through a kink of one number a unit, in place, and clears what lies outside.
 *
 * @param top and `left`: where each window begins in the image; it may reach beyond
 * @param height and `width` of a window, in places of `channels` numbers
 * @param first the line of the image that the lines of the kink begin with
 * @param upperSlope 0 where each unit has one line: `lowerSlope`, and no gaps
 * @param slack what lines' gaps make of each row is added to it, a float64
 */
export function passWindows(
  values: usize,
  rows: i32,
  top: usize,
  left: usize,
  height: i32,
  width: i32,
  channels: i32,
  imageHeight: i32,
  imageWidth: i32,
  first: i32,
  lowerSlope: usize,
  upperSlope: usize,
  lowerGap: usize,
  upperGap: usize,
  slack: usize,
): void {
  const line = width * channels
  for (let row = 0; row < rows; row++) {
    const ownTop = load<i32>(at(top, row, 2))
    const ownLeft = load<i32>(at(left, row, 2))
    const from = max(0, -ownLeft) * channels
    const run = min(width, imageWidth - ownLeft) * channels - from
    let sum: f64 = 0
    for (let i = 0; i < height; i++) {
      const begin = at(values, (row * height + i) * line, 2)
      const y = ownTop + i
      if (y < 0 || y >= imageHeight || run <= 0) {
        clear(begin, line)
        continue
      }
      const own = at(begin, from, 2)
      const unit = ((y - first) * imageWidth + ownLeft) * channels + from
      const below = at(lowerSlope, unit, 2)
      if (upperSlope === 0) passStraight(own, own, run, 1, below)
      else {
        const above = at(upperSlope, unit, 2)
        sum += passBent(
          own,
          own,
          run,
          1,
          below,
          above,
          at(lowerGap, unit, 2),
          at(upperGap, unit, 2),
        )
      }
      clear(begin, from)
      clear(at(own, run, 2), line - from - run)
    }
    store<f64>(at(slack, row, 3), load<f64>(at(slack, row, 3)) + sum)
  }
}

/**
 * Passes windows of one point's image through its maxima, to windows of the image that they read: each entry goes to
 * those of its candidates that a line has a slope for.
 *
 * @param top and the others up to `slack`: as for `passWindows`
 * @param candidates of each maximum: slopes are `[candidates x lines x width x channels]` of the image
 * @param plane how far the slopes of a candidate are from those of the one before
 * @param targets the place in `out` that a candidate of a place of the window is, `[candidates x height x width]`, or -1
 * @param out takes what arrives, `outSize` numbers a row
 */
export function passPools(
  values: usize,
  rows: i32,
  top: usize,
  left: usize,
  height: i32,
  width: i32,
  channels: i32,
  imageHeight: i32,
  imageWidth: i32,
  first: i32,
  lowerSlope: usize,
  upperSlope: usize,
  lowerGap: usize,
  upperGap: usize,
  slack: usize,
  candidates: i32,
  plane: i32,
  targets: usize,
  out: usize,
  outSize: i32,
): void {
  clear(out, rows * outSize)
  for (let row = 0; row < rows; row++) {
    const ownTop = load<i32>(at(top, row, 2))
    const ownLeft = load<i32>(at(left, row, 2))
    const from = max(0, -ownLeft)
    const to = min(width, imageWidth - ownLeft)
    if (from >= to) continue
    const end = min(height, imageHeight - ownTop)
    const arrived = at(out, row * outSize, 2)
    let sum: f64 = 0
    for (let i = max(0, -ownTop); i < end; i++) {
      const line = at(values, (row * height + i) * width * channels, 2)
      const unit = ((ownTop + i - first) * imageWidth + ownLeft) * channels
      for (let candidate = 0; candidate < candidates; candidate++) {
        const places = at(targets, (candidate * height + i) * width, 2)
        const slopes = candidate * plane + unit
        for (let j = from; j < to; j++) {
          const place = load<i32>(at(places, j, 2))
          if (place < 0) continue
          const own = at(line, j * channels, 2)
          const target = at(arrived, place * channels, 2)
          const below = at(lowerSlope, slopes + j * channels, 2)
          if (upperSlope === 0) addStraight(own, target, channels, below)
          else addBent(own, target, channels, below, at(upperSlope, slopes + j * channels, 2))
        }
      }
      if (upperSlope === 0) continue
      const run = (to - from) * channels
      const gaps = unit + from * channels
      const own = at(line, from * channels, 2)
      sum += gapsOf(own, run, at(lowerGap, gaps, 2), at(upperGap, gaps, 2))
    }
    store<f64>(at(slack, row, 3), load<f64>(at(slack, row, 3)) + sum)
  }
}

/**
 * Sums over what of windows lies inside the image.
 *
 * @param squared 1 for sums of squares, 0 for sums of sizes
 * @param sums takes them, float64
 */
export function sumWindows(
  values: usize,
  rows: i32,
  top: usize,
  left: usize,
  height: i32,
  width: i32,
  channels: i32,
  imageHeight: i32,
  imageWidth: i32,
  squared: i32,
  sums: usize,
): void {
  const line = width * channels
  for (let row = 0; row < rows; row++) {
    const ownTop = load<i32>(at(top, row, 2))
    const ownLeft = load<i32>(at(left, row, 2))
    const from = max(0, -ownLeft) * channels
    const run = min(width, imageWidth - ownLeft) * channels - from
    const end = min(height, imageHeight - ownTop)
    let sum: f64 = 0
    for (let i = max(0, -ownTop); i < end; i++) {
      const begin = at(values, (row * height + i) * line + from, 2)
      sum += squared !== 0 ? productOfBlocks(begin, begin, 1, 0, run) : sumOfSizes(begin, run)
    }
    store<f64>(at(sums, row, 3), sum)
  }
}

function sumOfSizes(values: usize, count: i32): f64 {
  let sum: f64 = 0
  for (let k = 0; k < count; k++) sum += abs<f64>(load<f32>(at(values, k, 2)))
  return sum
}

function clear(values: usize, count: i32): void {
  for (let k = 0; k < count; k++) store<f32>(at(values, k, 2), 0)
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
