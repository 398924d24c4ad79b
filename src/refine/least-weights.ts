import {Matrix, QrDecomposition} from 'ml-matrix'
import type {Row} from '../exact/row.js'

/** Below this a row no longer brings the sum nearer to zero. */
const least = 1e-15

/**
 * Weights >= 0 of sum 1 with which the weighted sum of some rows is as near to zero as can be, by the non-negative least
 * squares of Lawson and Hanson ("Solving Least Squares Problems", 1974): with a 1 put at the end of each row, the sum is
 * to come near to (0, ..., 0, 1).
 *
 * @returns one weight a row; undefined where rounding keeps the search from its end
 */
export function leastWeights(rows: readonly Row[]): Float64Array | undefined {
  const long = rows.map((row) => [...row, 1])
  const target = long[0]!.map((_, k) => (k + 1 < long[0]!.length ? 0 : 1))
  const weights = new Float64Array(rows.length)
  let rest: Row = target
  let used: number[] = []
  for (let step = 0; step < 3 * rows.length; step++) {
    const next = mostAlong(long, rest, used)
    if (next === undefined) {
      const sum = weights.reduce((a, b) => a + b, 0)
      return weights.map((weight) => weight / sum)
    }
    used.push(next)
    for (;;) {
      const best = leastSquares(
        used.map((i) => long[i]!),
        target,
      )
      if (!best) return undefined
      // As far as no weight falls below 0; those that reach it are used no longer.
      const share = used.reduce((most, i, k) => {
        return best[k]! > 0 ? most : Math.min(most, weights[i]! / (weights[i]! - best[k]!) || 0)
      }, 1)
      const kept: number[] = []
      used.forEach((i, k) => {
        const moved = weights[i]! + share * (best[k]! - weights[i]!)
        const stays = best[k]! > 0 || moved > least
        weights[i] = stays ? moved : 0
        if (stays) kept.push(i)
      })
      const whole = kept.length === used.length
      used = kept
      if (whole) break
    }
    rest = target.map((v, k) => used.reduce((left, i) => left - weights[i]! * long[i]![k]!, v))
  }
  return undefined
}

/** The unused row that points most along what is left, if any does. */
function mostAlong(rows: readonly Row[], rest: Row, used: readonly number[]): number | undefined {
  let found: number | undefined
  let most = least
  rows.forEach((row, i) => {
    if (used.includes(i)) return
    const along = row.reduce((sum, v, k) => sum + v * rest[k]!, 0)
    if (along > most) [found, most] = [i, along]
  })
  return found
}

/** The factors of the columns that come nearest to the target; undefined where rounding cannot tell the columns apart. */
function leastSquares(columns: readonly Row[], target: Row): number[] | undefined {
  const factors = new QrDecomposition(new Matrix(columns.map((column) => [...column])).transpose())
  return factors.isFullRank()
    ? factors.solve(Matrix.columnVector([...target])).getColumn(0)
    : undefined
}
