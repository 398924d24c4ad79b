import type {Ragged} from '../../ragged.js'
import {kernels, workspace} from '../../simd/index.js'

/** Fewest steps where sizes are told apart. */
const leastLevels = 32

/** Steps of the knapsack times units times sizes: what its time grows with. */
const work = 2 ** 15

/** Sets are told apart by their size where that takes at most so many additions; more are not worth it. */
const mostAdditions = 2 ** 23

/** From here on sizes are told apart only where that does more than halve a count. */
const manyAdditions = 2 ** 21

/** From here on a scale is taken out of the numbers, so that counts beyond 2^1023 can be added up. */
const large = 2 ** 500
const small = 2 ** -500

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
    ofAnySize ??= count(fitting, 0)[0]!
    // Where no larger set fits, sizes need not be told apart.
    if (most >= largest || most >= enough || additions > mostAdditions) return ofAnySize
    bySize ??= count(fitting, largest)
    return Math.min(bySize[most]!, ofAnySize)
  }
}

/** Units with kinks that fit into a set, each part with the lightest first. */
interface Fitting {
  /** The shares of those with one such kink. */
  readonly single: Float64Array
  /** The shares of the others, in rising order. */
  readonly several: readonly (readonly number[])[]
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

/** log2 of the sets of at most 0, 1, ..., `most` units; with 0, of all sets, whatever their size. */
function count({single, several}: Fitting, most: number): Float64Array {
  const sized = most > 0
  const units = single.length + several.length
  const cells = units * (most + 1) || 1
  const levels = Math.round(Math.min(1024, Math.max(sized ? leastLevels : 64, work / cells)))
  const size = (most + 1) * levels
  const {addShifted} = kernels()
  // Sets of s units that take q steps, at s levels + q.
  const counts = workspace(8 * size)
    .float64(size)
    .fill(0)
  counts[0] = 1
  const at = counts.byteOffset
  let scale = 0
  let added = 0
  // No set so far takes more steps than this, nor one of so many units fewer than these.
  let heaviest = 0
  const lightest = new Int32Array(most + 1)
  for (let unit = 0; unit < single.length; unit++) {
    const step = Math.floor(single[unit]! * levels)
    if (!sized && step === 0) {
      // Every set, with the unit and without.
      scale++
      continue
    }
    added++
    heaviest = Math.min(levels - 1, heaviest + step)
    if (!sized) addShifted(at, 0, -step, step, heaviest)
    else {
      for (let s = Math.min(most, added); s > 0; s--) {
        const to = s * levels
        const from = to - levels - step
        const least = lightest[s - 1]! + step
        addShifted(at, to, from, least, heaviest)
      }
      if (added <= most) lightest[added] = lightest[added - 1]! + step
    }
    // An addition at most doubles a count.
    if (added % 256 === 0) scale += rescale(counts, size)
  }
  for (const shares of several) {
    const steps = shares.map((share) => Math.floor(share * levels))
    added++
    heaviest = Math.min(levels - 1, heaviest + steps.at(-1)!)
    if (!sized) addSeveral(counts, 0, 0, steps, heaviest)
    else {
      for (let s = Math.min(most, added); s > 0; s--) {
        addSeveral(counts, s * levels, (s - 1) * levels, steps, heaviest)
      }
    }
    // Here it may treble one, or more.
    if (added % 64 === 0) scale += rescale(counts, size)
  }
  let total = 0
  const room = (units + levels + most) * 2 ** -51
  const logs = new Float64Array(most + 1)
  for (let s = 0, at = 0; s <= most; s++) {
    for (const end = at + levels; at < end; at++) total += counts[at]!
    logs[s] = scale + Math.log2(total) + room
  }
  return logs
}

/**
 * Adds to each place what the others, moved on by the unit's steps, hold; the largest place first, in place. Places
 * above `last` hold nothing.
 */
function addSeveral(
  counts: Float64Array,
  to: number,
  from: number,
  steps: readonly number[],
  last: number,
): void {
  for (let q = last; q >= 0; q--) {
    let sum = counts[to + q]!
    for (const step of steps) if (step <= q) sum += counts[from + q - step]!
    counts[to + q] = sum
  }
}

/** Takes a power of 2 out of the counts where they become large; the power's logarithm. */
function rescale(counts: Float64Array, size: number): number {
  let most = 0
  for (let at = 0; at < size; at++) most = Math.max(most, counts[at]!)
  if (most < large) return 0
  for (let at = 0; at < size; at++) {
    if (counts[at]! > 0) counts[at] = Math.max(counts[at]! * small, small * small)
  }
  return 500
}
