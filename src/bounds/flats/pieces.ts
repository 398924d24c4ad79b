import type {Deviations, KinkAtPoints} from '../../kinks/kink.js'
import {once} from '../../once.js'
import {countFeasibleSets, type Reaches} from './feasible-sets.js'
import {log2Subsets, type Shares} from './knapsack.js'
import type {Together} from './moves.js'

/**
 * log2 of an upper bound on the pieces that a layer's unstable units cut a convex part of the ball into, of
 * which the layer reads an image of `dimension` dimensions.
 */
export type Pieces = (dimension: number) => number

/** Sets are looked at one by one up to 2^10 of them. */
const setsOneByOne = 10

/** What the units of one point can cut, given how they move together; undefined of a single unit. */
export function piecesOf(
  kinks: KinkAtPoints,
  bounds: Deviations,
  units: readonly number[],
  {moves, angles, lengths}: Together,
  radius: number,
): Pieces | undefined {
  if (units.length < 2) return undefined
  const reaches = units.map((at): Reaches => {
    return {values: kinks.changesToKinks(at, bounds)!, error: kinks.rounding[at]!}
  })
  const shares = reaches.map(
    ({values, error}, i): Shares =>
      values.map((value) => {
        const rest = Math.max(0, Math.abs(value) - error)
        return rest > 0 ? (rest / (moves[i]! * radius * (1 + 1e-9))) ** 2 : 0
      }),
  )
  const subsets = log2Subsets(shares)
  const gram = once(() => {
    if (!(angles && lengths)) return undefined
    const n = units.length
    const reach = lengths.map((length) => length * radius * (1 + 1e-9))
    return angles.map((angle, at) => angle * reach[Math.floor(at / n)]! * reach[at % n]!)
  })
  const known = new Map<number, number>()
  return (dimension) => {
    const most = Math.min(dimension, units.length)
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
