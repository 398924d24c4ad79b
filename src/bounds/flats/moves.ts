import {float32Roundoff, roundingFactor} from '../../forward/rounding.js'
import {type Program, widestFan} from '../../program/program.js'
import {kernels, type Workspace, workspace} from '../../simd/index.js'
import {bytesFor, largestEigenvalueWithin} from './largest-eigenvalue.js'

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
export function roomFor(program: Program, roundoff: number): Room {
  const widest = widestFan(program)
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

/**
 * C u + sum_k M_k delta_k is R v, where R = [C / a_0, M_1 / a_1, ...] and v = [a_0 u, a_1 delta_1, ...]. With the a
 * chosen so that their squares add up to 1 and each delta no longer than u, v is no longer than u.
 */
export function movesTogether(room: Room, n: number, grams: GramParts): Together {
  const own = workspaceFor(n, grams)
  const lengths = new Float64Array(n)
  const matrix = anglesOf(own, room, n, grams, lengths)
  const most = Math.sqrt(largestEigenvalueWithin(own, matrix, n))
  for (let i = 0; i < n; i++) lengths[i]! *= (1 + room.rows) / grams.scale
  const alone = Math.sqrt(1 + marginOf(room, n))
  return {
    moves: multiples(lengths, most),
    alone: multiples(lengths, alone),
    angles: () => anglesOf(workspaceFor(n, grams), room, n, grams).slice(),
    lengths,
  }
}

function multiples(lengths: Float64Array, factor: number): Float64Array {
  const found = new Float64Array(lengths.length)
  for (let i = 0; i < found.length; i++) found[i] = lengths[i]! * factor
  return found
}

const marginOf = (room: Room, n: number) => n * (2 * room.rows + room.products)

function workspaceFor(n: number, {parts, stride}: GramParts): Workspace {
  const vectors = 2 * 8 * n
  return workspace(8 * n * n + parts.length * (4 * n * stride + 16) + vectors + bytesFor(n) + 128)
}

/**
 * The parts' weighted sum, each row over its length.
 *
 * @param lengths takes the lengths
 */
function anglesOf(
  own: Workspace,
  room: Room,
  n: number,
  {parts, start, stride}: GramParts,
  lengths?: Float64Array,
): Float64Array {
  const {addProducts} = kernels()
  const grams: Float32Array[] = []
  for (const values of parts) {
    const gram = own.float32(n * stride)
    gram.set(values.subarray(start, start + n * stride))
    grams.push(gram)
  }
  const weights = weightsOf(own, n, grams, stride)
  const inverse = own.float64(n).fill(0)
  for (let part = 0; part < grams.length; part++) {
    const [gram, weight] = [grams[part]!, weights[part]!]
    for (let i = 0, at = 0; i < n; i++, at += stride + 1) {
      inverse[i]! += weight * (gram[at]! + underflow)
    }
  }
  for (let i = 0; i < n; i++) {
    const length = Math.sqrt(inverse[i]!)
    if (lengths) lengths[i] = length
    inverse[i] = 1 / length
  }
  const angles = own.float64(n * n).fill(0)
  for (let part = 0; part < grams.length; part++) {
    const [gram, weight] = [grams[part]!.byteOffset, weights[part]!]
    addProducts(angles.byteOffset, n, gram, stride, weight, inverse.byteOffset)
  }
  const diagonal = 1 + marginOf(room, n)
  for (let i = 0; i < n; i++) angles[i * (n + 1)] = diagonal
  return angles
}

/**
 * 1 / a^2 for each part. The a are best where each squared is as the norm of its part, with rows that are made about as
 * long as each other; any are allowed.
 */
function weightsOf(
  own: Workspace,
  n: number,
  grams: readonly Float32Array[],
  stride: number,
): Float64Array {
  if (grams.length === 1) return Float64Array.of(1)
  const shares = own.float64(n).fill(0)
  for (const gram of grams) {
    for (let i = 0; i < n; i++) shares[i]! += gram[i * (stride + 1)]!
  }
  // A row of zeros has no products.
  for (let i = 0; i < n; i++) shares[i] = shares[i]! > 0 ? 1 / shares[i]! : 0
  const {weightedSquares} = kernels()
  const norms = new Float64Array(grams.length)
  let sum = 0
  for (let part = 0; part < norms.length; part++) {
    const gram = grams[part]!.byteOffset
    norms[part] = weightedSquares(gram, stride, n, shares.byteOffset) ** (1 / 4)
    sum += norms[part]!
  }
  // No part at all: the units do not move.
  if (sum === 0) return norms.fill(1)
  for (let part = 0; part < norms.length; part++) {
    norms[part] = norms[part]! > 0 ? sum / norms[part]! : 0
  }
  return norms
}
