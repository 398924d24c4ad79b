import type {AffineValues} from '../exact/affine-values.js'
import type {HostProgram, KinkOnHost} from '../exact/host-program.js'
import type {Side} from '../exact/kink-pieces.js'
import type {HalfSpace} from '../exact/least-distance.js'
import type {Plane} from '../exact/region-planes.js'
import {multipleOf, steepness} from '../exact/row.js'
import {sameHyperplane} from '../exact/tolerance.js'
import {hasInterior} from './has-interior.js'
import {nearestPoint} from './nearest-point.js'

/** A unit that is on more than one of its pieces in a cell. */
export interface OpenUnit {
  readonly unit: number
  readonly pieces: readonly number[]
}

/**
 * A convex part of the open unit ball on which every unit of the first layers is on one piece, so that the next
 * layer's are affine. Half-spaces are taken a little too large, and nothing is left out that could be there.
 */
export interface Cell {
  readonly halfSpaces: readonly HalfSpace[]
  /** The hyperplanes of the half-spaces, as rows that are >= 0 on the cell. */
  readonly planes: readonly Plane[]
  /** Points of the cell. */
  readonly witnesses: readonly Float64Array[]
  /** The values made so far. */
  readonly values: readonly AffineValues[]
  /** The first layer with open units; undefined where none is left: the cell is one region. */
  readonly kink: KinkOnHost | undefined
  /** Pieces of that layer's units; of open ones, some piece. */
  readonly pieces: Int32Array
  readonly open: readonly OpenUnit[]
}

/** How much larger half-spaces are taken, in a ball of radius 1: `quadprog` overlooks no set that holds such a ball. */
const slack = 2e-7

/** The ball as one cell. */
export function wholeBall(program: HostProgram, input: AffineValues): Cell {
  const center = new Float64Array(input.columns.length - 1)
  return advance(program, {halfSpaces: [], planes: [], witnesses: [center], values: [input]})
}

/** The parts of a cell on which an open unit is on each of its pieces. */
export function splitCell(program: HostProgram, cell: Cell, {unit, pieces}: OpenUnit): Cell[] {
  const {kink, values} = cell
  const read = values[kink!.input]!
  return pieces.flatMap((piece) => {
    const found = placeOn(cell, kink!.pieces.sides(read, unit, piece))
    if (!found) return []
    const part = {
      halfSpaces: [...cell.halfSpaces, ...found.halfSpaces],
      planes: [...cell.planes, ...found.planes],
      values,
    }
    // Half-spaces that are too large meet around a corner that holds no region.
    if (!hasInterior(part.planes)) return []
    const witnesses = cell.witnesses.filter((point) => isIn(point, found.halfSpaces))
    if (witnesses.length === 0) witnesses.push(found.point)
    const own = cell.pieces.slice()
    own[unit] = piece
    const open = cell.open.filter((other) => other.unit !== unit)
    return [advance(program, {...part, witnesses}, {pieces: own, open})]
  })
}

type Part = Pick<Cell, 'halfSpaces' | 'planes' | 'witnesses' | 'values'>

/** Goes on from layer to layer until one has open units. `begun` is what is known of the first of them. */
function advance(
  program: HostProgram,
  {values: made, ...part}: Part,
  begun?: Pick<Cell, 'pieces' | 'open'>,
): Cell {
  const values = [...made]
  const witnesses = [...part.witnesses]
  let known = begun
  for (;;) {
    const item = program.instructions[values.length - 1]
    if (!item) {
      return {...part, witnesses, values, kink: undefined, pieces: new Int32Array(0), open: []}
    }
    if (item.kind === 'affine') {
      values.push(item.push(item.inputs.map((value) => values[value]!)))
      continue
    }
    const read = values[item.input]!
    const {units} = item.pieces
    const pieces = known?.pieces ?? new Int32Array(units)
    const asked =
      known?.open ??
      Array.from({length: units}, (_, unit) => ({unit, pieces: allPieces(item, read, unit)}))
    known = undefined
    const open: OpenUnit[] = []
    for (const {unit, pieces: candidates} of asked) {
      const there = candidates.filter((piece) => {
        const place = placeOn({...part, witnesses}, item.pieces.sides(read, unit, piece))
        if (place && !witnesses.includes(place.point)) witnesses.push(place.point)
        return place !== undefined
      })
      // Where rounding leaves none, nothing is known.
      const left = there.length > 0 ? there : candidates
      pieces[unit] = left[0]!
      if (left.length > 1) open.push({unit, pieces: left})
    }
    if (open.length > 0) return {...part, witnesses, values, kink: item, pieces, open}
    values.push(item.pieces.image(read, pieces))
  }
}

/** Every piece that a unit has. */
function allPieces({pieces: kink}: KinkOnHost, values: AffineValues, unit: number): number[] {
  const found = [kink.first(unit)]
  for (const piece of found) {
    for (const {beyond} of kink.sides(values, unit, piece)) {
      if (!found.includes(beyond)) found.push(beyond)
    }
  }
  return found.sort((a, b) => a - b)
}

interface Place {
  readonly point: Float64Array
  /** What the sides add to the cell. */
  readonly halfSpaces: readonly HalfSpace[]
  readonly planes: readonly Plane[]
}

/** A point of the cell where the sides hold, or undefined where there is surely none in the ball. */
function placeOn(
  {halfSpaces, planes, witnesses}: Pick<Cell, 'halfSpaces' | 'planes' | 'witnesses'>,
  sides: readonly Side[],
): Place | undefined {
  const more: HalfSpace[] = []
  const own: Plane[] = []
  for (const {row, noise, strict} of sides) {
    const length = steepness(row)
    const height = row[0]!
    if (length === 0) {
      if (height < 0 || (height === 0 && strict)) return undefined
      continue
    }
    const room = slack + noise / length
    if (height / length >= 1) continue
    if (height / length <= -1 - room) return undefined
    const same = planes
      .map((plane) => multipleOf(plane.row, row, noise, sameHyperplane))
      .find((factor) => factor !== undefined && factor !== 0)
    if (same !== undefined) {
      if (same < 0) return undefined
      continue
    }
    const normalised = row.map((v) => v / length)
    own.push({row: normalised, noise: noise / length})
    more.push({normal: normalised.slice(1), bound: -normalised[0]! - room})
  }
  const known = witnesses.find((point) => isIn(point, more))
  if (known) return {point: known, halfSpaces: more, planes: own}
  const point = nearestPoint([...halfSpaces, ...more], witnesses[0]!.length)
  if (!point || Math.hypot(...point) >= 1 + slack) return undefined
  return {point, halfSpaces: more, planes: own}
}

function isIn(point: Float64Array, halfSpaces: readonly HalfSpace[]): boolean {
  return halfSpaces.every(({normal, bound}) => {
    let sum = 0
    for (let i = 0; i < point.length; i++) sum += normal[i]! * point[i]!
    return sum >= bound
  })
}
