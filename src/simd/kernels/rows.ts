// Rows of float32, through a kink of one number a unit.
import {at, highHalf, lowHalf, sumOfLanes} from './numbers'

/**
 * Passes a row: each entry takes the slope of the line that its sign asks for. Of a unit without slopes and gaps no entry
 * passes, whatever it is.
 *
 * @param sign what the row is multiplied with before
 * @param out takes the row; may be where it is now
 * @returns the slack: each entry's size times that line's gap, added up
 */
export function passBent(
  row: usize,
  out: usize,
  count: i32,
  sign: f32,
  lowerSlope: usize,
  upperSlope: usize,
  lowerGap: usize,
  upperGap: usize,
): f64 {
  const half = f32x4.splat(0.5)
  const none = f32x4.splat(0)
  const signs = f32x4.splat(sign)
  let low = f64x2.splat(0)
  let high = f64x2.splat(0)
  let k = 0
  for (; k + 3 < count; k += 4) {
    const slopeBelow = v128.load(at(lowerSlope, k, 2))
    const slopeAbove = v128.load(at(upperSlope, k, 2))
    const gapBelow = v128.load(at(lowerGap, k, 2))
    const gapAbove = v128.load(at(upperGap, k, 2))
    const any = v128.or(v128.or(slopeBelow, slopeAbove), v128.or(gapBelow, gapAbove))
    const all = f32x4.mul(v128.load(at(row, k, 2)), signs)
    const entry = v128.andnot(all, f32x4.eq(any, none))
    // What is not a number stays so.
    const positive = f32x4.mul(f32x4.add(f32x4.abs(entry), entry), half)
    const negative = f32x4.sub(positive, entry)
    const passed = f32x4.sub(f32x4.mul(positive, slopeBelow), f32x4.mul(negative, slopeAbove))
    v128.store(at(out, k, 2), passed)
    const gap = f32x4.add(f32x4.mul(positive, gapBelow), f32x4.mul(negative, gapAbove))
    low = f64x2.add(low, lowHalf(gap))
    high = f64x2.add(high, highHalf(gap))
  }
  let slack = sumOfLanes(f64x2.add(low, high))
  for (; k < count; k++) {
    const slopeBelow = load<f32>(at(lowerSlope, k, 2))
    const slopeAbove = load<f32>(at(upperSlope, k, 2))
    const gapBelow = load<f32>(at(lowerGap, k, 2))
    const gapAbove = load<f32>(at(upperGap, k, 2))
    const any = slopeBelow !== 0 || slopeAbove !== 0 || gapBelow !== 0 || gapAbove !== 0
    const entry = any ? load<f32>(at(row, k, 2)) * sign : 0
    const positive = (abs(entry) + entry) * 0.5
    const negative = positive - entry
    store<f32>(at(out, k, 2), positive * slopeBelow - negative * slopeAbove)
    slack += positive * gapBelow + negative * gapAbove
  }
  return slack
}

/** The same where each unit has one line, which leaves no gap. */
export function passStraight(row: usize, out: usize, count: i32, sign: f32, slope: usize): void {
  const none = f32x4.splat(0)
  const signs = f32x4.splat(sign)
  let k = 0
  for (; k + 3 < count; k += 4) {
    const own = v128.load(at(slope, k, 2))
    const entry = f32x4.mul(v128.load(at(row, k, 2)), signs)
    v128.store(at(out, k, 2), v128.andnot(f32x4.mul(entry, own), f32x4.eq(own, none)))
  }
  for (; k < count; k++) {
    const own = load<f32>(at(slope, k, 2))
    store<f32>(at(out, k, 2), own === 0 ? 0 : load<f32>(at(row, k, 2)) * sign * own)
  }
}

/** Adds the entries of a row times the slopes of the lines that their signs ask for. */
export function addBent(
  row: usize,
  out: usize,
  count: i32,
  lowerSlope: usize,
  upperSlope: usize,
): void {
  const none = f32x4.splat(0)
  let k = 0
  for (; k + 3 < count; k += 4) {
    const entry = v128.load(at(row, k, 2))
    const slopeBelow = v128.load(at(lowerSlope, k, 2))
    const slopeAbove = v128.load(at(upperSlope, k, 2))
    const slope = v128.bitselect(slopeBelow, slopeAbove, f32x4.gt(entry, none))
    const to = at(out, k, 2)
    v128.store(to, f32x4.add(v128.load(to), f32x4.mul(entry, slope)))
  }
  for (; k < count; k++) {
    const entry = load<f32>(at(row, k, 2))
    const slope = load<f32>(at(entry > 0 ? lowerSlope : upperSlope, k, 2))
    const to = at(out, k, 2)
    store<f32>(to, load<f32>(to) + entry * slope)
  }
}

/** The same where each unit has one line. */
export function addStraight(row: usize, out: usize, count: i32, slope: usize): void {
  let k = 0
  for (; k + 3 < count; k += 4) {
    const passed = f32x4.mul(v128.load(at(row, k, 2)), v128.load(at(slope, k, 2)))
    const to = at(out, k, 2)
    v128.store(to, f32x4.add(v128.load(to), passed))
  }
  for (; k < count; k++) {
    const to = at(out, k, 2)
    store<f32>(to, load<f32>(to) + load<f32>(at(row, k, 2)) * load<f32>(at(slope, k, 2)))
  }
}

/** Each entry's size times the gap of the line that its sign asks for, added up. */
export function gapsOf(row: usize, count: i32, lowerGap: usize, upperGap: usize): f64 {
  const none = f32x4.splat(0)
  let low = f64x2.splat(0)
  let high = f64x2.splat(0)
  let k = 0
  for (; k + 3 < count; k += 4) {
    const entry = v128.load(at(row, k, 2))
    const below = v128.load(at(lowerGap, k, 2))
    const above = v128.load(at(upperGap, k, 2))
    const gap = f32x4.mul(f32x4.abs(entry), v128.bitselect(below, above, f32x4.gt(entry, none)))
    low = f64x2.add(low, lowHalf(gap))
    high = f64x2.add(high, highHalf(gap))
  }
  let sum = sumOfLanes(f64x2.add(low, high))
  for (; k < count; k++) {
    const entry = load<f32>(at(row, k, 2))
    sum += abs(entry) * load<f32>(at(entry > 0 ? lowerGap : upperGap, k, 2))
  }
  return sum
}

/**
 * Copies rows of a table, each times its sign.
 *
 * @param places which row of the table each one is
 */
export function copyRows(
  table: usize,
  size: i32,
  places: usize,
  signs: usize,
  rows: i32,
  out: usize,
): void {
  for (let row = 0; row < rows; row++) {
    const from = at(table, load<i32>(at(places, row, 2)) * size, 2)
    const to = at(out, row * size, 2)
    const sign = load<f32>(at(signs, row, 2))
    const all = f32x4.splat(sign)
    let k = 0
    for (; k + 3 < size; k += 4) {
      v128.store(at(to, k, 2), f32x4.mul(v128.load(at(from, k, 2)), all))
    }
    for (; k < size; k++) store<f32>(at(to, k, 2), load<f32>(at(from, k, 2)) * sign)
  }
}

/** The length of a row, the squares of its entries times weights, of float64. */
export function weightedLength(row: usize, count: i32, weights: usize): f64 {
  let low = f64x2.splat(0)
  let high = f64x2.splat(0)
  let k = 0
  for (; k + 3 < count; k += 4) {
    const entries = v128.load(at(row, k, 2))
    const a = lowHalf(entries)
    const b = highHalf(entries)
    low = f64x2.add(low, f64x2.mul(f64x2.mul(a, a), v128.load(at(weights, k, 3))))
    high = f64x2.add(high, f64x2.mul(f64x2.mul(b, b), v128.load(at(weights, k + 2, 3))))
  }
  let sum = sumOfLanes(f64x2.add(low, high))
  for (; k < count; k++) {
    const entry: f64 = load<f32>(at(row, k, 2))
    sum += entry * entry * load<f64>(at(weights, k, 3))
  }
  return sqrt(sum)
}
