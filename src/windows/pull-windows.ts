import type {KinkAtPoints, Lines} from '../kinks/kink.js'
import type {Norm} from '../options.js'
import type {Program} from '../program.js'
import {type PulledBack, readPulled, sweepOn} from '../pull-back.js'
import type {WantedRow} from '../row-grids.js'
import {type Plan, planOf} from './plan.js'
import {droppedBy, type Pruning} from './prune.js'
import {gather, sums} from './rows.js'
import {type Arrived, seedsOf, sweepWindows, type UnitRows, unitsAt} from './sweep-windows.js'

/** More numbers than this at once fall out of the processor's caches and are slower. */
const mostNumbers = 2 ** 21

/**
 * Pulls wanted rows of one layer back to the input as windows: a unit of a convolution depends on a part of the image
 * before, and its row is 0 elsewhere. As `pullRows`, whose numbers these are.
 *
 * @returns false, having done nothing, where the layer's rows are no windows
 */
export async function pullWindows(
  program: Program,
  layer: number,
  kinks: KinkAtPoints,
  wanted: readonly WantedRow[],
  lines: readonly Lines[],
  norm: Norm,
  memory: number,
  take: (row: WantedRow, slack: number, length: number) => void,
  pruning?: Pruning,
): Promise<boolean> {
  const plan = planOf(program, layer)
  if (!plan) return false
  const atOnce = rowsAtOnce(program, plan, memory)
  for (let start = 0; start < wanted.length; start += atOnce) {
    const rows = wanted.slice(start, start + atOnce)
    const drop = pruning && (await droppedBy(pruning, plan, rows))
    const arrived = await sweepWindows(program, plan, unitsOf(rows, kinks, plan), lines, {drop})
    const {slack, length} = await atInput(program, plan, arrived, lines, norm)
    arrived.kept.forEach((row, k) => {
      take(rows[row]!, slack[k]!, length[k]!)
    })
  }
  return true
}

/** A sweep holds rows a few times over, on the host and on the backend. */
function rowsAtOnce(program: Program, plan: Plan, memory: number): number {
  const widest =
    plan.end === 0
      ? plan.widest
      : program.instructions.reduce(
          (most, item) => Math.max(most, item.kind === 'kink' ? item.units : item.map.outputSize),
          program.inputSize,
        )
  return Math.max(1, Math.floor(Math.min(mostNumbers, memory / (4 * 8)) / widest))
}

function unitsOf(rows: readonly WantedRow[], kinks: KinkAtPoints, plan: Plan): UnitRows {
  const points = Int32Array.from(rows, ({point}) => point)
  const numbers = Int32Array.from(rows, ({at}) => kinks.first(at))
  return unitsAt(
    plan,
    points,
    numbers,
    Float32Array.from(rows, ({sign}) => sign),
  )
}

/** Slack and length of rows, once they have gone the rest of the way. */
async function atInput(
  program: Program,
  plan: Plan,
  arrived: Arrived,
  lines: readonly Lines[],
  norm: Norm,
): Promise<PulledBack> {
  const {points} = arrived.places
  if (plan.end > 0) {
    const grid = {points, rowsPerPoint: 1}
    const swept = () => sweepOn(program, seedsOf(arrived, plan), grid, lines, norm === 'l2')
    return readPulled(swept, norm)
  }
  const length = new Float32Array(points.length)
  const rows = arrived.rows.get(0)
  if (rows) {
    const [window, shape] = [plan.windows.get(0)!, plan.shapes[0]!]
    const only = rows.length === 1 ? rows[0]! : undefined
    const whole = only ?? {values: gather(rows, arrived.places, window, shape), window}
    const found = sums(whole, arrived.places, shape, norm === 'l2')
    length.set(norm === 'l2' ? found.map(Math.sqrt) : found)
  }
  return {slack: arrived.slack, length}
}
