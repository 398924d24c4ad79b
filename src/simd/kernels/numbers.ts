/** Where the number at a place is that takes 2^`shift` bytes: 2 for float32 and int32, 3 for float64. */
export function at(array: usize, place: i32, shift: usize): usize {
  return array + ((<usize>place) << shift)
}

/** The first two of four float32, as float64. */
export function lowHalf(values: v128): v128 {
  return f64x2.promote_low_f32x4(values)
}

/** The other two. */
export function highHalf(values: v128): v128 {
  return f64x2.promote_low_f32x4(i64x2.shuffle(values, values, 1, 0))
}

export function sumOfLanes(values: v128): f64 {
  return f64x2.extract_lane(values, 0) + f64x2.extract_lane(values, 1)
}
