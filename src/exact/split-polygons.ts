import type {AffineValues} from './affine-values.js'
import type {HostProgram} from './host-program.js'
import type {KinkPieces} from './kink-pieces.js'
import {clip, type Polygon, sideOf} from './polygon.js'
import {narrowestPolygon} from './tolerance.js'

/** The part of an activation region that lies in the polygon that was split. */
export interface SplitPolygon {
  readonly polygon: Polygon
  /** The piece of every unit, by kinked layer. */
  readonly pieces: readonly Int32Array[]
}

/** A polygon on which all units so far are on one piece. */
interface Cell {
  readonly polygon: Polygon
  /** The values made so far. */
  readonly values: readonly AffineValues[]
  readonly pieces: readonly Int32Array[]
  /** Pieces of the first units of the kinked layer that is at work. */
  readonly begun: readonly number[]
}

/**
 * Splits a polygon by the lines of one unit after the other, for networks of two inputs: what is left at the
 * end are the activation regions within it, each once. Cells that are not worth keeping are dropped on the way.
 */
export function* splitPolygons(
  program: HostProgram,
  input: AffineValues,
  start: Polygon,
  keep: (polygon: Polygon) => boolean = () => true,
): Generator<SplitPolygon> {
  // Depth first, so that few cells wait at a time.
  const cells: Cell[] = [{polygon: start, values: [input], pieces: [], begun: []}]
  for (let cell = cells.pop(); cell; cell = cells.pop()) {
    const item = program.instructions[cell.values.length - 1]
    if (!item) {
      yield cell
    } else if (item.kind === 'affine') {
      const inputs = item.inputs.map((value) => cell.values[value]!)
      cells.push({...cell, values: [...cell.values, item.push(inputs)]})
    } else {
      cells.push(...advance(cell, item.pieces, item.input, keep))
    }
  }
}

/** Takes a cell through a kinked layer until a unit splits it. */
function advance(
  {polygon, values, pieces, begun}: Cell,
  kink: KinkPieces,
  input: number,
  keep: (polygon: Polygon) => boolean,
): Cell[] {
  const read = values[input]!
  const chosen = [...begun]
  while (chosen.length < kink.units) {
    const parts = split(polygon, kink, read, chosen.length)
    if (parts.length !== 1) {
      return parts
        .filter((part) => keep(part.polygon))
        .map((part) => ({
          polygon: part.polygon,
          values,
          pieces,
          begun: [...chosen, part.piece],
        }))
    }
    chosen.push(parts[0]!.piece)
  }
  const own = Int32Array.from(chosen)
  const made = [...values, kink.image(read, own)]
  return [{polygon, values: made, pieces: [...pieces, own], begun: []}]
}

interface Part {
  readonly polygon: Polygon
  readonly piece: number
}

/** The parts of a polygon on which a unit is on each of its pieces; none of a polygon too narrow to tell. */
function split(polygon: Polygon, kink: KinkPieces, values: AffineValues, unit: number): Part[] {
  const parts: Part[] = []
  const waiting = [kink.first(unit)]
  const seen = new Set(waiting)
  for (let piece = waiting.pop(); piece !== undefined; piece = waiting.pop()) {
    const part = partOn(polygon, kink, values, unit, piece, (beyond) => {
      if (seen.has(beyond)) return
      seen.add(beyond)
      waiting.push(beyond)
    })
    if (part) parts.push({polygon: part, piece})
  }
  return parts
}

/** The part of a polygon on which a unit is on one piece, if any; tells which pieces lie beyond its sides. */
function partOn(
  polygon: Polygon,
  kink: KinkPieces,
  values: AffineValues,
  unit: number,
  piece: number,
  tellBeyond: (piece: number) => void,
): Polygon | undefined {
  let part: Polygon | undefined = polygon
  for (const {row, noise, strict, beyond} of kink.sides(values, unit, piece)) {
    const side = sideOf(polygon, row, noise, narrowestPolygon)
    const whole = side === 1 || (side === 0 && !strict)
    if (whole) continue
    tellBeyond(beyond)
    if (!part) continue
    const left = side === undefined ? sideOf(part, row, noise, narrowestPolygon) : -1
    if (left === -1) part = undefined
    else if (left === undefined) part = clip(part, row, noise, narrowestPolygon)
  }
  return part
}
