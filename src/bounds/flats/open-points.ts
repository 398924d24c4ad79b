import type {Deviations, KinkAtPoints} from '../../kinks/kink.js'
import type {KinkInstruction} from '../../program.js'
import type {RowGrid} from '../../pull-back.js'

/** More rows than this at once fall out of the processor's caches and are slower. */
const rowsAtOnce = 4096

/** The unstable units of one point in one layer: their places over all points. */
export interface OpenPoint {
  readonly point: number
  readonly units: readonly number[]
}

/** The unstable units of every point; none of a maximum, whose kinks are no hyperplanes of its own. */
export function openUnits(
  kinks: KinkAtPoints,
  {below, above}: Deviations,
  count: number,
): OpenPoint[] {
  const open = Array.from({length: count}, (_, point) => ({point, units: [] as number[]}))
  if (kinks.changesToKinks([], {below, above}) === undefined) return open
  const {gap} = kinks
  for (let at = 0; at < gap.length; at++) {
    // Nearly all move less than it takes; a gap is rounded to float32.
    const least = gap[at]! * (1 - 2 ** -23)
    if (below[at]! < least && above[at]! < least) continue
    if (kinks.openSides(at, below[at]!, above[at]!) === 0) continue
    open[Math.floor(at / kinks.forms)]!.units.push(at)
  }
  return open
}

/** Grids of all unstable units of some points; points with about as many of them share one. */
export function gridsOf(item: KinkInstruction, open: readonly OpenPoint[], memory: number) {
  const limit = Math.max(1, Math.min(rowsAtOnce, Math.floor(memory / (64 * item.units))))
  const sorted = [...open].sort((a, b) => b.units.length - a.units.length)
  const grids: {grid: RowGrid; members: OpenPoint[]}[] = []
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
    const first = new Int32Array(members.length * rowsPerPoint)
    members.forEach(({units}, p) => {
      for (let r = 0; r < rowsPerPoint; r++) {
        first[p * rowsPerPoint + r] = (units[r] ?? units[0]!) % item.units
      }
    })
    const grid: RowGrid = {
      layer: item.layer,
      points: Int32Array.from(members, ({point}) => point),
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
