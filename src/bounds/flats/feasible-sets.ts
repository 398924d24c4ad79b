import type {Ragged} from '../../common/ragged.js'

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
  reaches: Reaches,
  most: number,
  limit: number,
): number | undefined {
  const n = reaches.errors.length
  const depth = Math.min(most, n)
  const perUnit = () => new Float64Array(depth + 1)
  const search: Search = {
    gram,
    reaches,
    depth,
    limit,
    factor: new Float64Array((depth + 1) ** 2),
    solved: perUnit(),
    errors: perUnit(),
    squares: perUnit(),
    errorSquares: perUnit(),
    chosen: new Int32Array(depth + 1),
    found: 1,
  }
  return depth === 0 || extend(search, 0, 0) ? search.found : undefined
}

/** The set that is looked at, and how many were found. */
interface Search {
  readonly gram: Float64Array
  readonly reaches: Reaches
  readonly depth: number
  readonly limit: number
  /** A row of the factor for each unit of the set, and one for the next. */
  readonly factor: Float64Array
  /** What solves L v = y and |L| e = error. */
  readonly solved: Float64Array
  readonly errors: Float64Array
  /** The squares of both of the units before each. */
  readonly squares: Float64Array
  readonly errorSquares: Float64Array
  readonly chosen: Int32Array
  found: number
}

/** Adds each unit from `from` on to the first `size` chosen ones; false where more sets are found than the limit. */
function extend(search: Search, size: number, from: number): boolean {
  const {gram, reaches, depth, limit, factor, solved, errors, squares, errorSquares, chosen} =
    search
  const {changes, errors: ownErrors} = reaches
  const {starts, values} = changes
  const n = ownErrors.length
  const row = size * (depth + 1)
  for (let unit = from; unit < n; unit++) {
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
      if (++search.found > limit) return false
      chosen[size] = unit
      squares[size + 1] = length
      errorSquares[size + 1] = doubt
      if (size + 1 < depth && !extend(search, size + 1, unit + 1)) return false
    }
  }
  return true
}
