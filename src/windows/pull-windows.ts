import {giveBack} from '../common/spare-arrays.js'
import type {KinkAtPoints} from '../kinks/kink.js'
import type {Norm} from '../options.js'
import type {PullRequest} from '../pull/pull-request.js'
import type {WantedRow} from '../pull/row-grids.js'
import {type Plan, planOf} from './plan.js'
import {droppedBy} from './prune.js'
import {sumsOf} from './sums.js'
import {type Arrived, sweepWindows, together} from './sweep-windows.js'
import {type UnitRows, unitsAt} from './units.js'

/** More numbers than this at once fall out of the processor's caches and are slower. */
const mostNumbers = 2 ** 21

/**
 * Pulls wanted rows of one layer back to the input as windows: a unit of a convolution depends on a part of the image
 * before, and its row is 0 elsewhere. As `pullRows`, whose numbers these are.
 *
 * @returns false, having done nothing, where the layer's rows are no windows
 */
export async function pullWindows({
  program,
  layer,
  kinks,
  wanted,
  lines,
  norm,
  memory,
  pruning,
  take,
}: PullRequest): Promise<boolean> {
  const plan = planOf(program, layer)
  if (!plan) return false
  // A sweep holds rows a few times over, on the host and on the backend.
  const numbers = Math.min(mostNumbers, memory / (4 * 8))
  const atOnce = Math.max(1, Math.floor(numbers / plan.widest))
  for (let start = 0; start < wanted.length; start += atOnce) {
    const rows = wanted.slice(start, start + atOnce)
    const drop = pruning && (await droppedBy(pruning, plan, rows))
    const arrived = await sweepWindows(program, layer, plan, unitsOf(rows, kinks, plan), lines, {
      drop,
    })
    const length = lengthsAtInput(arrived, plan, norm)
    giveBack(...(arrived.rows.get(0) ?? []).map(({values}) => values))
    const {kept, slack} = arrived
    for (let k = 0; k < kept.length; k++) take(rows[kept[k]!]!, slack[k]!, length[k]!)
  }
  return true
}

function unitsOf(rows: readonly WantedRow[], kinks: KinkAtPoints, plan: Plan): UnitRows {
  const points = new Int32Array(rows.length)
  const first = new Int32Array(rows.length)
  const second = kinks.plain ? first : new Int32Array(rows.length)
  const signs = new Float32Array(rows.length)
  for (let r = 0; r < rows.length; r++) {
    const {point, at, sign} = rows[r]!
    points[r] = point
    first[r] = kinks.first(at)
    if (!kinks.plain) second[r] = kinks.second(at)
    signs[r] = sign
  }
  return unitsAt(plan, points, first, signs, second)
}

/** Dual norm of each row at the input. */
function lengthsAtInput({rows, places}: Arrived, plan: Plan, norm: Norm): Float64Array {
  const [window, shape] = [plan.windows.get(0)!, plan.shapes[0]!]
  const values = together(rows.get(0) ?? [], places, window, shape)
  const found = sumsOf({values, window}, places, shape, norm === 'l2')
  return norm === 'l2' ? found.map(Math.sqrt) : found
}
