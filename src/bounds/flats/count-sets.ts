import {kernels, workspace} from '../../simd/index.js'

/** Fewest steps where sizes are told apart. */
export const leastLevels = 32

/** Steps of the knapsack times units times sizes: what its time grows with. */
const work = 2 ** 15

/** From here on a scale is taken out of the numbers, so that counts beyond 2^1023 can be added up. */
const large = 2 ** 500
const small = 2 ** -500

/** Units with kinks that fit into a set, each part with the lightest first. */
export interface Fitting {
  /** The shares of those with one such kink. */
  readonly single: Float64Array
  /** The shares of the others, in rising order. */
  readonly several: readonly (readonly number[])[]
}

/** log2 of the sets of at most 0, 1, ..., `most` units; with 0, of all sets, whatever their size. */
export function log2Sets({single, several}: Fitting, most: number): Float64Array {
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
