import type {AffineValues} from './affine-values.js'
import type {HostProgram, KinkOnHost} from './host-program.js'
import type {KinkPieces, Side} from './kink-pieces.js'
import {multipleOf, type Row, steepness} from './row.js'

/** A kinked layer on one activation region. */
export interface RegionLayer {
  readonly input: AffineValues
  readonly output: AffineValues
  /** The piece that each unit is on. */
  readonly pieces: Int32Array
  /** The inequalities that keep the units there. */
  readonly sides: readonly Side[]
}

/**
 * An activation region: the part of the input space where every unit is on a given piece. It is the polytope
 * where the rows of all sides of all layers are >= 0.
 */
export interface Region {
  readonly values: readonly AffineValues[]
  readonly layers: readonly RegionLayer[]
}

/** Sign of an affine function at the place where a region is sought. */
type SignThere = (row: Row, noise: number) => number

/** The piece from which a unit's piece is sought. */
type Start = (layer: number, unit: number, kink: KinkPieces) => number

/**
 * The region that the origin of the coordinates lies in. From a point on a boundary it steps off: a little in
 * the first coordinate, still less in the second, and so on, which leaves every boundary.
 */
export function regionAround(program: HostProgram, input: AffineValues, tolerance: number): Region {
  const signThere: SignThere = (row, noise) => {
    const length = steepness(row)
    if (Math.abs(row[0]!) + length <= noise) return 0
    const room = tolerance * length
    if (Math.abs(row[0]!) > room + noise) return row[0]!
    return row.find((v, k) => k > 0 && Math.abs(v) > room) ?? row[0]!
  }
  return build(program, input, (_, unit, pieces) => pieces.first(unit), signThere)
}

/** The region of a known pattern. */
export function regionOf(
  program: HostProgram,
  input: AffineValues,
  pattern: readonly Int32Array[],
): Region {
  return build(program, input, (layer, unit) => pattern[layer]![unit]!)
}

/**
 * The region on the other side of one of a region's facets, given its normalised row, which is >= 0 on the
 * region. Only functions that vanish on all of the facet change their sign there: because a network is
 * continuous, these are multiples of the row on both sides of it.
 */
export function regionBeyond(
  program: HostProgram,
  region: Region,
  facet: Row,
  tolerance: number,
): Region {
  const signThere: SignThere = (row, noise) => {
    const factor = multipleOf(facet, row, noise, tolerance)
    return factor === undefined ? 1 : -factor
  }
  const start = (layer: number, unit: number) => region.layers[layer]!.pieces[unit]!
  return build(program, region.values[0]!, start, signThere, region)
}

/** All units' pieces as a text: equal for the same region only. */
export function patternKey({layers}: Region): string {
  return layers
    .map(({pieces}) => Array.from(pieces, (piece) => String.fromCharCode(piece)).join(''))
    .join('')
}

/** Runs a program on affine functions; what does not change against a `before` is taken over from it. */
function build(
  program: HostProgram,
  input: AffineValues,
  start: Start,
  signThere?: SignThere,
  before?: Region,
): Region {
  const values = [input]
  const layers: RegionLayer[] = []
  const unchanged = (value: number) => values[value] === before?.values[value]
  for (const [k, item] of program.instructions.entries()) {
    if (item.kind === 'affine') {
      values.push(
        before && item.inputs.every(unchanged)
          ? before.values[k + 1]!
          : item.push(item.inputs.map((value) => values[value]!)),
      )
      continue
    }
    const read = values[item.input]!
    const old = unchanged(item.input) ? before?.layers[item.layer] : undefined
    const same = old && signThere && !old.sides.some((side) => isViolated(side, signThere))
    const layer = same ? old : layerOn(item, read, start, signThere)
    layers[item.layer] = layer
    values.push(layer.output)
  }
  return {values, layers}
}

function layerOn(
  {pieces: kink, layer}: KinkOnHost,
  input: AffineValues,
  start: Start,
  signThere?: SignThere,
): RegionLayer {
  const pieces = new Int32Array(kink.units)
  const sides: Side[] = []
  for (let unit = 0; unit < kink.units; unit++) {
    const settled = settle(kink, input, unit, start(layer, unit, kink), signThere)
    pieces[unit] = settled.piece
    for (const side of settled.sides) sides.push(side)
  }
  return {input, pieces, sides, output: kink.image(input, pieces)}
}

/** The piece that a unit is on at the place, found by crossing one violated side after the other. */
function settle(
  kink: KinkPieces,
  values: AffineValues,
  unit: number,
  start: number,
  signThere?: SignThere,
): {piece: number; sides: readonly Side[]} {
  let piece = start
  let sides = kink.sides(values, unit, piece)
  if (!signThere) return {piece, sides}
  // Each piece is visited once at most, whatever rounding does.
  for (let moves = 1; moves < kink.count; moves++) {
    const violated = sides.find((side) => isViolated(side, signThere))
    if (!violated) break
    piece = violated.beyond
    sides = kink.sides(values, unit, piece)
  }
  return {piece, sides}
}

function isViolated({row, noise, strict}: Side, signThere: SignThere): boolean {
  const sign = signThere(row, noise)
  return sign < 0 || (sign === 0 && strict)
}
