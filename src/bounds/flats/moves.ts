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
   * rounding, `[n x n]`, and the lengths; only the lower triangle is there. Undefined where no rows are known. Worked
   * out when asked for: few points do, and those of all points would fill the memory.
   */
  readonly angles?: () => Float64Array
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

/** Products of rows with each other: those of one part of R, at a place among others. */
export interface GramParts {
  /** One of each part; the lower triangle is read. */
  readonly parts: readonly Float32Array[]
  /** Where the first product is. */
  readonly start: number
  /** From one row of products to the next. */
  readonly stride: number
  /** What the rows were multiplied with. */
  readonly scale: number
}

/** Written before it is read, so that it can serve every point. */
let scratch = new Float64Array(0)

/**
 * C u + sum_k M_k delta_k is R v, where R = [C / a_0, M_1 / a_1, ...] and v = [a_0 u, a_1 delta_1, ...]. With the a
 * chosen so that their squares add up to 1 and each delta no longer than u, v is no longer than u.
 */
export function movesTogether(room: Room, n: number, grams: GramParts): Together {
  const {parts, start, stride, scale} = grams
  const weights = weightsOf(n, grams)
  const inverse = new Float64Array(n)
  parts.forEach((values, part) => {
    const weight = weights[part]!
    for (let i = 0, at = start; i < n; i++, at += stride + 1) {
      inverse[i]! += weight * (values[at]! + underflow)
    }
  })
  const lengths = inverse.map(Math.sqrt)
  for (let i = 0; i < n; i++) inverse[i] = 1 / lengths[i]!
  const margin = n * (2 * room.rows + room.products)
  const fill = (angles: Float64Array) => fillAngles(angles, n, grams, weights, inverse, 1 + margin)
  if (scratch.length < n * n) scratch = new Float64Array(n * n)
  const most = Math.sqrt(largestEigenvalue(fill(scratch), n))
  for (let i = 0; i < n; i++) lengths[i]! *= (1 + room.rows) / scale
  const own = Math.sqrt(1 + margin)
  return {
    moves: lengths.map((length) => length * most),
    alone: lengths.map((length) => length * own),
    angles: () => fill(new Float64Array(n * n)),
    lengths,
  }
}

/** The lower triangle of the parts' weighted sum, each row over its length. */
function fillAngles(
  angles: Float64Array,
  n: number,
  {parts, start, stride}: GramParts,
  weights: Float64Array,
  inverse: Float64Array,
  diagonal: number,
): Float64Array {
  parts.forEach((values, part) => {
    for (let i = 0; i < n; i++) {
      const share = weights[part]! * inverse[i]!
      const to = i * n
      const from = start + i * stride
      if (part === 0)
        for (let j = 0; j < i; j++) angles[to + j] = share * values[from + j]! * inverse[j]!
      else for (let j = 0; j < i; j++) angles[to + j]! += share * values[from + j]! * inverse[j]!
    }
  })
  for (let i = 0; i < n; i++) angles[i * (n + 1)] = diagonal
  return angles
}

/** The squares of products, each times the shares of its row and column. */
function squaresOf(
  values: Float32Array,
  start: number,
  stride: number,
  shares: Float64Array,
): number {
  let squares = 0
  for (let i = 0; i < shares.length; i++) {
    const from = start + i * stride
    let row = 0
    for (let j = 0; j < i; j++) row += values[from + j]! ** 2 * shares[j]!
    squares += (2 * row + values[from + i]! ** 2 * shares[i]!) * shares[i]!
  }
  return squares
}

/**
 * 1 / a^2 for each part. The a are best where each squared is as the norm of its part, with rows that are made about as
 * long as each other; any are allowed.
 */
function weightsOf(n: number, {parts, start, stride}: GramParts): Float64Array {
  if (parts.length === 1) return Float64Array.of(1)
  const shares = new Float64Array(n)
  for (const values of parts) {
    for (let i = 0; i < n; i++) shares[i]! += values[start + i * (stride + 1)]!
  }
  // A row of zeros has no products.
  for (let i = 0; i < n; i++) shares[i] = shares[i]! > 0 ? 1 / shares[i]! : 0
  const norms = parts.map((values) => squaresOf(values, start, stride, shares) ** (1 / 4))
  const sum = norms.reduce((a, b) => a + b, 0)
  // No part at all: the units do not move.
  return Float64Array.from(norms, (norm) => (sum === 0 ? 1 : norm > 0 ? sum / norm : 0))
}
