import type {Deviations, KinkAtPoints} from '../../kinks/kink.js'
import type {KinkInstruction} from '../../program/program.js'
import type {RowGrid} from '../../pull/pull-back.js'

/** More rows than this at once fall out of the processor's caches and are slower. */
const rowsAtOnce = 4096

/** The unstable units of one point in one layer: their places over all points, in rising order. */
export interface OpenPoint {
  readonly point: number
  readonly units: Int32Array
}

/** Some of the unstable units of a point. */
export interface OpenPart extends OpenPoint {
  /** How many parts the point's units are in. */
  readonly parts: number
}

/** The unstable units of every point; none of a maximum, whose kinks are no hyperplanes of its own. */
export function openUnits(kinks: KinkAtPoints, deviations: Deviations, count: number): OpenPoint[] {
  const places = kinks.openPlaces(deviations) ?? new Int32Array(0)
  const found: OpenPoint[] = []
  for (let point = 0, end = 0; point < count; point++) {
    const start = end
    while (end < places.length && places[end]! < (point + 1) * kinks.forms) end++
    found.push({point, units: places.subarray(start, end)})
  }
  return found
}

/** A point's units in as few parts as there can be of at most so many, about as large as each other. */
export function inParts({point, units}: OpenPoint, most: number): OpenPart[] {
  const parts = Math.ceil(units.length / most)
  const startOf = (part: number) => Math.floor((part * units.length) / parts)
  return Array.from({length: parts}, (_, part) => {
    return {point, units: units.subarray(startOf(part), startOf(part + 1)), parts}
  })
}

/** Grids of all unstable units of some points; points with about as many of them share one. */
export function gridsOf(item: KinkInstruction, open: readonly OpenPart[], memory: number) {
  const limit = Math.max(1, Math.min(rowsAtOnce, Math.floor(memory / (64 * item.units))))
  const sorted = [...open].sort(byUnits)
  const grids: {grid: RowGrid; members: OpenPart[]}[] = []
  for (let start = 0; start < sorted.length; ) {
    const rowsPerPoint = sorted[start]!.units.length
    let end = start + 1
    while (
      end < sorted.length &&
      (end + 1 - start) * rowsPerPoint <= limit &&
      (sorted[end]!.units.length > 0.8 * rowsPerPoint || (end - start) * rowsPerPoint < 256)
    ) {
      end++
    }
    const members = sorted.slice(start, end)
    const first = rowsOf(members, rowsPerPoint, item.units)
    const grid: RowGrid = {
      layer: item.layer,
      points: Int32Array.from(members, pointOf),
      first,
      second: undefined,
      signs: new Float32Array(first.length).fill(1),
      rowsPerPoint,
    }
    grids.push({grid, members})
    start = end
  }
  return grids
}

const byUnits = (a: OpenPoint, b: OpenPoint) => b.units.length - a.units.length

const pointOf = ({point}: OpenPoint) => point

/** The units of each point; where it has fewer, its first one again. */
function rowsOf(members: readonly OpenPoint[], rowsPerPoint: number, units: number): Int32Array {
  const rows = new Int32Array(members.length * rowsPerPoint)
  for (let p = 0, at = 0; p < members.length; p++) {
    const own = members[p]!.units
    for (let r = 0; r < rowsPerPoint; r++, at++) rows[at] = own[r < own.length ? r : 0]! % units
  }
  return rows
}
