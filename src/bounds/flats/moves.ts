import type {Program} from '../../program.js'
import {float32Roundoff, roundingFactor} from '../../rounding.js'
import {largestEigenvalue} from './largest-eigenvalue.js'

/** What products may have lost below the least float32, of rows whose largest entry is 1. */
const underflow = 1e-34

export interface Together {
  /** As the input moves by t, the vector of changes over moves is no longer than t. */
  readonly moves: Float64Array
  /** As the input moves by t, each unit alone changes by no more than t times this. */
  readonly alone: Float64Array
  /**
   * Changes are R v with v no longer than the input's move. R R' with each row scaled to length 1 and a margin for
   * rounding, `[n x n]`, and the lengths; only the lower triangle is there. Undefined where no rows are known.
   */
  readonly angles?: Float64Array
  readonly lengths?: Float64Array
}

/** What rounding does to rows, as a share of their lengths, and to products of rows of length 1. */
export interface Room {
  readonly rows: number
  readonly products: number
}

/** The room for rounding of a program whose products round by `roundoff`. */
export function roomFor({instructions}: Program, roundoff: number): Room {
  const widest = instructions.reduce(
    (most, item) => (item.kind === 'affine' ? Math.max(most, item.map.fanIn) : most),
    1,
  )
  return {
    rows: roundingFactor(widest, roundoff),
    // Both arguments are rounded by u, and sums in float32.
    products: 4 * roundoff + roundingFactor(widest, float32Roundoff),
  }
}

/**
 * C u + sum_k M_k delta_k is R v, where R = [C / a_0, M_1 / a_1, ...] and v = [a_0 u, a_1 delta_1, ...]. With the a
 * chosen so that their squares add up to 1 and each delta no longer than u, v is no longer than u.
 */
export function movesTogether(
  room: Room,
  n: number,
  grams: readonly Float32Array[],
  place: number,
  size: number,
  scale: number,
): Together {
  const start = place * size * size
  const weights = weightsOf(n, grams, start, size)
  const angles = new Float64Array(n * n)
  const lengths = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    let square = 0
    grams.forEach((values, part) => {
      square += weights[part]! * (values[start + i * (size + 1)]! + underflow)
    })
    lengths[i] = Math.sqrt(square)
  }
  const margin = n * (2 * room.rows + room.products)
  const shares = lengths.map((length) => 1 / length)
  grams.forEach((values, part) => {
    for (let i = 0; i < n; i++) {
      const share = weights[part]! * shares[i]!
      for (let j = 0, at = start + i * size; j < i; j++, at++) {
        angles[i * n + j]! += share * values[at]! * shares[j]!
      }
    }
  })
  for (let i = 0; i < n; i++) angles[i * n + i] = 1 + margin
  for (let i = 0; i < n; i++) lengths[i]! *= (1 + room.rows) / scale
  const most = Math.sqrt(largestEigenvalue(angles, n))
  const own = Math.sqrt(1 + margin)
  return {
    moves: lengths.map((length) => length * most),
    alone: lengths.map((length) => length * own),
    angles,
    lengths,
  }
}

/**
 * 1 / a^2 for each part. The a are best where each squared is as the norm of its part, with rows that are made about as
 * long as each other; any are allowed.
 */
function weightsOf(n: number, grams: readonly Float32Array[], start: number, size: number) {
  if (grams.length === 1) return [1]
  const own = new Float64Array(n)
  for (const values of grams) for (let i = 0; i < n; i++) own[i]! += values[start + i * (size + 1)]!
  const norms = grams.map((values) => {
    let squares = 0
    for (let i = 0; i < n; i++) {
      let row = 0
      for (let j = 0; j <= i; j++) {
        const product = values[start + i * size + j]!
        if (product !== 0) row += ((j < i ? 2 : 1) * product ** 2) / own[j]!
      }
      if (row > 0) squares += row / own[i]!
    }
    return squares ** (1 / 4)
  })
  const sum = norms.reduce((a, b) => a + b, 0)
  // No part at all: the units do not move.
  return norms.map((norm) => (sum === 0 ? 1 : norm > 0 ? sum / norm : 0))
}
