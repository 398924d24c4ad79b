import type {Ragged} from '../../common/ragged.js'
import {type Fitting, leastLevels, log2Sets} from './count-sets.js'

/** Sets are told apart by their size where that takes at most so many additions; more are not worth it. */
const mostAdditions = 2 ** 23

/** From here on sizes are told apart only where that does more than halve a count. */
const manyAdditions = 2 ** 21

/**
 * Counts sets of units, each with one of its kinks, whose shares add up to less than 1. The empty set is one of them.
 *
 * A knapsack recursion over shares that are rounded down to whole steps, so that no set is missed:
 * with c(q) the sets of the units so far that take q steps, each unit adds c(q - step of its share) to c(q). Doubles
 * are rounded by 2^-53 an addition, for which room is added; what would underflow beside larger numbers is rounded up.
 *
 * @param shares of each unit's kinks: what they take, 0 and above, of what a set may weigh; what is not a number weighs
 *   nothing
 * @returns log2 of an upper bound on the number of sets of at most so many units; it does not fall as these grow
 *
 * ```ts
 * log2Subsets(ragged([[0.4], [0.4], [0.4]]))(3)  //-> 2.807 = log2(1 + 3 + 3)
 * ```
 */
export function log2Subsets(shares: Ragged): (most: number) => number {
  const fitting = thatFit(shares)
  const units = fitting.single.length + fitting.several.length
  const largest = mostTogether(fitting)
  // Of the sets that fit, which are the light ones, no fewer have at most half of the units than have more.
  const additions = units * largest * leastLevels
  const enough = additions > manyAdditions ? units / 2 : largest
  let ofAnySize: number | undefined
  let bySize: Float64Array | undefined
  return (most) => {
    ofAnySize ??= log2Sets(fitting, 0)[0]!
    // Where no larger set fits, sizes need not be told apart.
    if (most >= largest || most >= enough || additions > mostAdditions) return ofAnySize
    bySize ??= log2Sets(fitting, largest)
    return Math.min(bySize[most]!, ofAnySize)
  }
}

function thatFit({starts, values}: Ragged): Fitting {
  const single = new Float64Array(starts.length - 1)
  const several: number[][] = []
  let singles = 0
  for (let unit = 0; unit < single.length; unit++) {
    let known = -1
    let list: number[] | undefined
    for (let k = starts[unit]!; k < starts[unit + 1]!; k++) {
      if (values[k]! >= 1) continue
      const share = values[k]! > 0 ? values[k]! : 0
      if (known < 0) known = share
      else if (list) list.push(share)
      else list = [known, share]
    }
    if (list) several.push(list.sort((a, b) => a - b))
    else if (known >= 0) single[singles++] = known
  }
  several.sort((a, b) => a.at(-1)! - b.at(-1)!)
  return {single: single.subarray(0, singles).sort(), several}
}

/** Units, the lightest first, until they fill a set. */
function mostTogether({single, several}: Fitting): number {
  const least =
    several.length === 0
      ? single
      : Float64Array.from([...single, ...several.map(([share]) => share!)]).sort()
  let [sum, count] = [0, 0]
  while (count < least.length) {
    sum += least[count]!
    if (sum >= 1) break
    count++
  }
  return count
}
