import type {Ragged} from '../../ragged.js'

/** What each of some units has to change by to reach each of its kinks, up to the unit's error. */
export interface Reaches {
  readonly changes: Ragged
  readonly errors: Float64Array
}

/**
 * The number of sets of at most `most` units, each with one of its kinks, that can be reached together: those
 * whose least v'v with R_S v = y_S, which is y_S' (R_S R_S')^-1 y_S, is below 1.
 *
 * Sets are enumerated depth first with a Cholesky factor that grows by a row at a time. A set that cannot be
 * reached has no supersets that can. To y belongs an error, which is taken off the length of v.
 *
 * @param gram R R', `[n x n]`, of which the lower triangle is read; a margin on its diagonal stands for its own rounding
 * @param limit on the sets that are found
 * @returns undefined where there are more
 */
export function countFeasibleSets(
  gram: Float64Array,
  {changes: {starts, values}, errors: ownErrors}: Reaches,
  most: number,
  limit: number,
): number | undefined {
  const n = ownErrors.length
  const depth = Math.min(most, n)
  // Row `size` of the factor, and of what solves L v = y and |L| e = error.
  const factor = new Float64Array((depth + 1) * (depth + 1))
  const solved = new Float64Array(depth + 1)
  const errors = new Float64Array(depth + 1)
  const chosen = new Int32Array(depth + 1)
  // Of the first `size` units: the squares of both. Numbers that are handed on would be objects.
  const squares = new Float64Array(depth + 1)
  const errorSquares = new Float64Array(depth + 1)
  let found = 1

  const extend = (size: number, from: number): boolean => {
    for (let unit = from; unit < n; unit++) {
      const row = size * (depth + 1)
      let rest = gram[unit * n + unit]!
      let known = 0
      let knownError = 0
      for (let k = 0; k < size; k++) {
        const rowK = k * (depth + 1)
        let entry = gram[unit * n + chosen[k]!]!
        for (let i = 0; i < k; i++) entry -= factor[row + i]! * factor[rowK + i]!
        entry /= factor[rowK + k]!
        factor[row + k] = entry
        rest -= entry * entry
        known += entry * solved[k]!
        knownError += Math.abs(entry) * errors[k]!
      }
      // The margin keeps it above 0; where rounding undoes that, the unit tells nothing.
      const pivot = rest > 0 ? Math.sqrt(rest) : Number.POSITIVE_INFINITY
      factor[row + size] = pivot
      errors[size] = (ownErrors[unit]! + knownError) / pivot
      for (let kink = starts[unit]!; kink < starts[unit + 1]!; kink++) {
        solved[size] = (values[kink]! - known) / pivot
        const length = squares[size]! + solved[size] ** 2
        const doubt = errorSquares[size]! + errors[size] ** 2
        if (Math.sqrt(length) - Math.sqrt(doubt) >= 1) continue
        if (++found > limit) return false
        chosen[size] = unit
        squares[size + 1] = length
        errorSquares[size + 1] = doubt
        if (size + 1 < depth && !extend(size + 1, unit + 1)) return false
      }
    }
    return true
  }
  return depth === 0 || extend(0, 0) ? found : undefined
}
