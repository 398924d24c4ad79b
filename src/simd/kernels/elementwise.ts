// Arrays of float32, of a multiple of four numbers: of fewer, what follows is written over.
import {at, highHalf, lowHalf} from './numbers'

/** a + b, written over a. */
export function addFloats(a: usize, b: usize, count: i32): void {
  for (let k = 0; k < count; k += 4) {
    const to = at(a, k, 2)
    v128.store(to, f32x4.add(v128.load(to), v128.load(at(b, k, 2))))
  }
}

/** a times b, written over a; 0 where a is 0, whatever b is. */
export function multiplyFloats(a: usize, b: usize, count: i32): void {
  const none = f32x4.splat(0)
  for (let k = 0; k < count; k += 4) {
    const to = at(a, k, 2)
    const own = v128.load(to)
    v128.store(to, v128.andnot(f32x4.mul(own, v128.load(at(b, k, 2))), f32x4.eq(own, none)))
  }
}

/** a times a float64, rounded to float32; infinity where that is not a number. */
export function multiples(a: usize, factor: f64, out: usize, count: i32): void {
  const factors = f64x2.splat(factor)
  const infinite = f32x4.splat(Infinity)
  for (let k = 0; k < count; k += 4) {
    const values = v128.load(at(a, k, 2))
    const low = f32x4.demote_f64x2_zero(f64x2.mul(lowHalf(values), factors))
    const high = f32x4.demote_f64x2_zero(f64x2.mul(highHalf(values), factors))
    const product = i64x2.shuffle(low, high, 0, 2)
    v128.store(at(out, k, 2), v128.bitselect(product, infinite, f32x4.eq(product, product)))
  }
}

/** The smaller of a and b, written over a: numbers that are not negative are in the order of their bits. */
export function smaller(a: usize, b: usize, count: i32): void {
  for (let k = 0; k < count; k += 4) {
    const to = at(a, k, 2)
    v128.store(to, i32x4.min_s(v128.load(to), v128.load(at(b, k, 2))))
  }
}

/** A float32 less than it may be rounded to. */
const less: f32 = <f32>(1 - 2.0 ** -23)

/**
 * The places of numbers that move, one way or the other, not less than about as far as their gap; what is not a number may.
 *
 * @param room what each moves beyond
 * @param first the place of the first number
 * @param places takes them, in rising order
 * @returns how many
 */
export function placesReaching(
  gap: usize,
  below: usize,
  above: usize,
  room: usize,
  count: i32,
  first: i32,
  places: usize,
): i32 {
  const most = f32x4.splat(less)
  let found = 0
  for (let k = 0; k < count; k += 4) {
    const least = f32x4.sub(f32x4.mul(v128.load(at(gap, k, 2)), most), v128.load(at(room, k, 2)))
    const isFar = f32x4.lt(v128.load(at(below, k, 2)), least)
    const isFarAbove = f32x4.lt(v128.load(at(above, k, 2)), least)
    // Nearly all are.
    let reach = ~i32x4.bitmask(v128.and(isFar, isFarAbove)) & 15
    while (reach !== 0) {
      store<i32>(at(places, found, 2), first + k + ctz(reach))
      found++
      reach &= reach - 1
    }
  }
  return found
}
