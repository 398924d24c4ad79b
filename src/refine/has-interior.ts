import type {Plane} from '../exact/region-planes.js'
import {rowError} from '../exact/tolerance.js'
import {leastWeights} from './least-weights.js'

/**
 * Whether the half-spaces row >= 0 of some planes have inner points in common within the unit ball, as far as float64 can
 * tell. Where hyperplanes meet in one corner, as all of a layer without biases do, some of the parts that they leave are
 * that corner and nothing more.
 *
 * By Gordan's theorem all rows are above 0 at some point unless weights w >= 0 of sum 1 make the sum of w_i row_i a
 * constant that is not above 0. Such weights are sought, and tried as they are: nowhere in the unit ball are all
 * rows above
 *
 *     c = sum_i w_i row_i[0] + || sum_i w_i row_i[1..] ||.
 *
 * Only where c is no more than what rounding may have added to the rows is the answer no.
 */
export function hasInterior(planes: readonly Plane[]): boolean {
  const [first] = planes
  if (!first || planes.length === 1) return true
  // The row that is 1 throughout keeps the sum's constant from falling below 0 for nothing.
  const one = first.row.map((_, k) => (k === 0 ? 1 : 0))
  const weights = leastWeights([one, ...planes.map(({row}) => row)])
  if (!weights) return true
  const weighted = (value: (plane: Plane) => number) =>
    planes.reduce((sum, plane, i) => sum + weights[i + 1]! * value(plane), 0)
  const sum = first.row.map((_, k) => weighted(({row}) => row[k]!))
  const [constant, ...slopes] = sum as [number, ...number[]]
  return constant + Math.hypot(...slopes) > weighted(({noise}) => noise + rowError)
}
