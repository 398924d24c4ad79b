import {at} from './numbers'

/**
 * counts[to + q] += counts[from + q] for q from `last` down to `least`, of float64. Where both overlap, `from` is the lower
 * one: what is added is what was there before.
 */
export function addShifted(counts: usize, to: i32, from: i32, least: i32, last: i32): void {
  const own = at(counts, to, 3)
  const other = at(counts, from, 3)
  let q = last
  for (; q - 3 >= least; q -= 4) {
    const place = at(own, q - 3, 3)
    const added = at(other, q - 3, 3)
    const low = v128.load(added)
    const high = v128.load(added, 16)
    v128.store(place, f64x2.add(v128.load(place), low))
    v128.store(place, f64x2.add(v128.load(place, 16), high), 16)
  }
  for (; q >= least; q--) {
    const place = at(own, q, 3)
    store<f64>(place, load<f64>(place) + load<f64>(at(other, q, 3)))
  }
}
