import {once} from '../../common/once.js'
import type {Deviations, KinkAtPoints} from '../../kinks/kink.js'
import {countFeasibleSets, type Reaches} from './feasible-sets.js'
import {log2Subsets} from './knapsack.js'
import type {Together} from './moves.js'

/**
 * log2 of an upper bound on the pieces that a layer's unstable units cut a convex part of the ball into, of
 * which the layer reads an image of `dimension` dimensions.
 */
export type Pieces = (dimension: number) => number

/** Sets are looked at one by one up to 2^10 of them. */
const setsOneByOne = 10

/** What some units of one point have to change by to reach their kinks. */
export function reachesOf(kinks: KinkAtPoints, bounds: Deviations, units: Int32Array): Reaches {
  const errors = new Float64Array(units.length)
  for (let i = 0; i < errors.length; i++) errors[i] = kinks.rounding[units[i]!]!
  return {changes: kinks.changesToKinks(units, bounds)!, errors}
}

/** What units can cut, given how they move together on a ball of this radius. */
export function piecesOf(
  reaches: Reaches,
  {moves, angles, lengths}: Together,
  radius: number,
): Pieces {
  const {changes, errors} = reaches
  const n = errors.length
  const {starts} = changes
  const shares = new Float64Array(changes.values.length)
  for (let i = 0; i < n; i++) {
    const most = moves[i]! * radius * (1 + 1e-9)
    for (let k = starts[i]!; k < starts[i + 1]!; k++) {
      const rest = Math.abs(changes.values[k]!) - errors[i]!
      shares[k] = rest > 0 ? (rest / most) ** 2 : 0
    }
  }
  const subsets = log2Subsets({starts, values: shares})
  const gram = once(() => angles && lengths && productsOnBall(angles(), lengths, radius))
  const known = new Map<number, number>()
  return (dimension) => {
    const most = Math.min(dimension, n)
    const before = known.get(most)
    if (before !== undefined) return before
    let found = subsets(most)
    const products = found <= setsOneByOne ? gram() : undefined
    if (products) {
      const sets = countFeasibleSets(products, reaches, most, 2 ** setsOneByOne)
      if (sets !== undefined) found = Math.min(found, Math.log2(sets))
    }
    known.set(most, found)
    return found
  }
}

/** The products of rows, from those of rows of length 1, on a ball; the lower triangle, in place. */
function productsOnBall(angles: Float64Array, lengths: Float64Array, radius: number): Float64Array {
  const n = lengths.length
  const reach = radius * (1 + 1e-9)
  for (let i = 0; i < n; i++) {
    const own = lengths[i]! * reach
    for (let j = 0; j <= i; j++) angles[i * n + j]! *= own * (lengths[j]! * reach)
  }
  return angles
}
