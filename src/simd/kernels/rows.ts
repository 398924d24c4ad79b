// Rows of float32, of a multiple of four numbers, through a kink of one number a unit.
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
  let slack = f64x2.splat(0)
  let more = f64x2.splat(0)
  for (let k = 0; k < count; k += 4) {
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
    slack = f64x2.add(slack, lowHalf(gap))
    more = f64x2.add(more, highHalf(gap))
  }
  return sumOfLanes(f64x2.add(slack, more))
}

/** The same where each unit has one line, which leaves no gap. */
export function passStraight(row: usize, out: usize, count: i32, sign: f32, slope: usize): void {
  const none = f32x4.splat(0)
  const signs = f32x4.splat(sign)
  for (let k = 0; k < count; k += 4) {
    const own = v128.load(at(slope, k, 2))
    const entry = f32x4.mul(v128.load(at(row, k, 2)), signs)
    v128.store(at(out, k, 2), v128.andnot(f32x4.mul(entry, own), f32x4.eq(own, none)))
  }
}

/** The sum of the squares of a row's entries, each times its weight, a float64. */
export function squares(row: usize, count: i32, weights: usize): f64 {
  let sum = f64x2.splat(0)
  let more = f64x2.splat(0)
  for (let k = 0; k < count; k += 4) {
    const entries = v128.load(at(row, k, 2))
    const low = lowHalf(entries)
    const high = highHalf(entries)
    sum = f64x2.add(sum, f64x2.mul(f64x2.mul(low, low), v128.load(at(weights, k, 3))))
    more = f64x2.add(more, f64x2.mul(f64x2.mul(high, high), v128.load(at(weights, k + 2, 3))))
  }
  return sumOfLanes(f64x2.add(sum, more))
}
