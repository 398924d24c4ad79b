import {borrow, giveBack} from '../../common/spare-arrays.js'
import type {Forward} from '../../forward/forward.js'
import type {Reaches} from './feasible-sets.js'
import type {WholeGram} from './first-layer.js'
import {movesTogether, type Room, type Together} from './moves.js'
import {type Pieces, piecesOf} from './pieces.js'

/** What is known of some units of the first layer at a point. */
interface Found {
  /** Their places over all points. */
  readonly units: Int32Array
  /** How they move together: the same on every ball. */
  readonly together: Together
  /** What they can cut on balls. */
  readonly pieces: {
    readonly radius: number
    readonly reaches: Reaches
    readonly pieces: Pieces
  }[]
}

/** By the points run forward, and by point. */
const known = new WeakMap<Forward, Map<number, Found[]>>()

/**
 * How units of the first layer move together, and what they can cut. Both are kept: every method bounds this layer alike, so
 * that the next one asks for the same units on the same balls.
 */
export function firstLayerUnits(
  forward: Forward,
  point: number,
  units: Int32Array,
  whole: WholeGram,
  room: Room,
): Found {
  const points = known.get(forward) ?? new Map<number, Found[]>()
  known.set(forward, points)
  const ofPoint = points.get(point) ?? []
  points.set(point, ofPoint)
  const before = ofPoint.find((found) => sameNumbers(found.units, units))
  if (before) return before
  // The products themselves would take much memory, and are asked for at few points.
  const found = {units, together: movesOf(whole, units, room), pieces: []}
  ofPoint.push(found)
  return found
}

/** As `piecesOf`. */
export function firstLayerPieces(
  {together, pieces}: Found,
  reaches: Reaches,
  radius: number,
): Pieces {
  const before = pieces.find((own) => own.radius === radius && sameReaches(own.reaches, reaches))
  if (before) return before.pieces
  const found = piecesOf(reaches, together, radius)
  pieces.push({radius, reaches, pieces: found})
  return found
}

function movesOf(whole: WholeGram, units: Int32Array, room: Room): Together {
  const n = units.length
  const of = (gram: Float32Array) =>
    movesTogether(room, n, {parts: [gram], start: 0, stride: n, scale: whole.scale})
  const gram = gramOf(whole, units)
  const {moves, alone, lengths} = of(gram)
  giveBack(gram)
  const angles = () => {
    const again = gramOf(whole, units)
    const found = of(again).angles!()
    giveBack(again)
    return found
  }
  return {moves, alone, angles, lengths: lengths!}
}

/** The products of rows of some units, which come in rising order; the lower triangle is written. Borrowed. */
function gramOf({values, units, reach}: WholeGram, picked: Int32Array): Float32Array {
  const n = picked.length
  const out = borrow(n * n)
  const own = new Int32Array(n)
  for (let i = 0; i < n; i++) own[i] = picked[i]! % units
  for (let i = 0, row = 0, near = 0; i < n; i++, row += n) {
    const from = own[i]! * units
    while (own[i]! - own[near]! >= reach) near++
    out.fill(0, row, row + near)
    for (let j = near; j <= i; j++) out[row + j] = values[from + own[j]!]!
  }
  return out
}

/** Errors belong to the units. */
function sameReaches({changes: a}: Reaches, {changes: b}: Reaches): boolean {
  return sameNumbers(a.starts, b.starts) && sameNumbers(a.values, b.values)
}

function sameNumbers(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false
  for (let k = 0; k < a.length; k++) if (a[k] !== b[k]) return false
  return true
}
