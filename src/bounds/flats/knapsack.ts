/** One kink of a unit, or both parallel ones, each with its share of what a set may weigh: 0 and above. */
export type Shares = readonly number[]

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
 * @returns log2 of an upper bound on the number of sets of at most so many units; it does not fall as these grow
 *
 * ```ts
 * log2Subsets([[0.4], [0.4], [0.4]])(3)  //-> 2.807 = log2(1 + 3 + 3)
 * ```
 */
export function log2Subsets(units: readonly Shares[]): (most: number) => number {
  const fitting = units.map(thatFit).filter((shares) => shares.length > 0)
  const largest = mostTogether(fitting)
  // Of the sets that fit, which are the light ones, no fewer have at most half of the units than have more.
  const additions = fitting.length * largest * leastLevels
  const enough = additions > manyAdditions ? fitting.length / 2 : largest
  let ofAnySize: number | undefined
  let bySize: readonly number[] | undefined
  return (most) => {
    ofAnySize ??= count(fitting, 0)[0]!
    // Where no larger set fits, sizes need not be told apart.
    if (most >= largest || most >= enough || additions > mostAdditions) return ofAnySize
    bySize ??= count(fitting, largest)
    return Math.min(bySize[most]!, ofAnySize)
  }
}

function thatFit(shares: Shares): Shares {
  for (const share of shares) if (share >= 1) return shares.filter((share) => !(share >= 1))
  return shares
}

/** Units, the lightest first, until they fill a set. */
function mostTogether(units: readonly Shares[]): number {
  const least = new Float64Array(units.length)
  for (let k = 0; k < least.length; k++) {
    const shares = units[k]!
    // What is not a number weighs nothing.
    least[k] = (shares.length === 1 ? shares[0]! : Math.min(...shares)) || 0
  }
  least.sort()
  let [sum, count] = [0, 0]
  for (const share of least) {
    sum += share
    if (sum >= 1) break
    count++
  }
  return count
}

/** log2 of the sets of at most 0, 1, ..., `most` units; with 0, of all sets, whatever their size. */
function count(units: readonly Shares[], most: number): number[] {
  const sized = most > 0
  const work1 = units.length * (most + 1)
  const levels = Math.round(Math.min(1024, Math.max(sized ? leastLevels : 64, work / (work1 || 1))))
  const counts = Array.from({length: most + 1}, () => new Float64Array(levels))
  counts[0]![0] = 1
  let scale = 0
  let added = 0
  // No set so far takes more steps than this.
  let heaviest = 0
  for (const steps of stepsOf(units, levels)) {
    const heaviestOwn = heaviestOf(steps)
    if (!sized && steps.length === 1 && heaviestOwn === 0) {
      // Every set, with the unit and without.
      scale++
      continue
    }
    added++
    heaviest = Math.min(levels - 1, heaviest + heaviestOwn)
    if (!sized) addUnit(counts[0]!, counts[0]!, steps, heaviest)
    else {
      for (let s = Math.min(most, added); s > 0; s--) {
        addUnit(counts[s]!, counts[s - 1]!, steps, heaviest)
      }
    }
    // An addition at most trebles a count.
    if (added % 256 === 0) scale += rescale(counts)
  }
  let total = 0
  const room = (units.length + levels + most) * 2 ** -51
  return counts.map((row) => {
    for (const value of row) total += value
    return scale + Math.log2(total) + room
  })
}

/** The steps of each unit, in rising order; the lightest unit first, which are added while few places are taken. */
function stepsOf(units: readonly Shares[], levels: number): readonly number[][] {
  const steps = units.map((shares) => {
    const own: number[] = []
    for (const share of shares) own.push(Math.floor(share * levels) || 0)
    return own.length > 1 ? own.sort((a, b) => a - b) : own
  })
  return steps.sort((a, b) => heaviestOf(a) - heaviestOf(b))
}

const heaviestOf = (steps: readonly number[]): number => steps[steps.length - 1]!

/**
 * Adds to each place what the others, moved on by the unit's steps, hold; the largest place first, in place. Places
 * above `last` hold nothing.
 */
function addUnit(
  to: Float64Array,
  from: Float64Array,
  steps: readonly number[],
  last: number,
): void {
  const step = steps[0]!
  if (steps.length === 1) {
    for (let q = last; q >= step; q--) to[q]! += from[q - step]!
    return
  }
  for (let q = last; q >= 0; q--) {
    let sum = to[q]!
    for (const step of steps) if (step <= q) sum += from[q - step]!
    to[q] = sum
  }
}

/** Takes a power of 2 out of the counts where they become large; the power's logarithm. */
function rescale(counts: readonly Float64Array[]): number {
  if (counts.every((row) => row.every((value) => value < large))) return 0
  for (const row of counts) {
    for (let q = 0; q < row.length; q++) {
      if (row[q]! > 0) row[q] = Math.max(row[q]! * small, small * small)
    }
  }
  return 500
}
