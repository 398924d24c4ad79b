import type {LayerBounds} from '../bounds/bound-layers.js'
import {roomFor} from '../bounds/flats/moves.js'
import type {Forward} from '../forward/forward.js'
import type {KinkInstruction, Program} from '../program/program.js'
import {pullGradients} from '../pull/pull-back.js'
import type {BallCell, Cut} from './ball-cells.js'
import type {PlacedCells} from './place-cells.js'

/** A kink of a cell's first undecided layer. */
interface Choice {
  readonly cell: number
  readonly unit: number
  readonly threshold: number
}

/**
 * Where to split each cell next: at a kink of its first layer that has undecided ones. That layer is affine on the cell,
 * so that its kinks are hyperplanes there. Of these it is the one that is farthest from the center, relative to how far its
 * unit can move: it cuts off a part that a small ball holds, and is decided on all that is left.
 *
 * @param forward the network at the cells' centers
 * @returns one entry a cell; undefined where no kink is left, or those left are ties of a maximum
 */
export async function bestCuts(
  program: Program,
  forward: Forward,
  bounds: LayerBounds,
  cells: readonly BallCell[],
  placed: PlacedCells,
): Promise<(Cut | undefined)[]> {
  const cuts = new Array<Cut | undefined>(cells.length)
  let waiting = [...cells.keys()]
  for (const item of program.kinks) {
    const {layer} = item
    const kinks = forward.kinks[layer]!
    const deviations = bounds.deviations[layer]!
    const choices: Choice[] = []
    const rest: number[] = []
    for (const cell of waiting) {
      if (kinks.counts(cell, deviations).unstable === 0) rest.push(cell)
      else if (item.kink.candidates === 1) {
        const best = outermost(item, forward, bounds, cell, cells[cell]!)
        if (best) choices.push(best)
      }
    }
    waiting = rest
    if (choices.length === 0) continue
    const found = await hyperplanes(program, forward, bounds, item, choices, placed)
    choices.forEach(({cell}, k) => {
      cuts[cell] = found[k]
    })
  }
  return cuts
}

function outermost(
  {layer, units, kink}: KinkInstruction,
  forward: Forward,
  {deviations}: LayerBounds,
  cell: number,
  {decided, skipped}: BallCell,
): Choice | undefined {
  const kinks = forward.kinks[layer]!
  const {center} = kinks
  const {below, above} = deviations[layer]!
  const {thresholds = []} = kink
  const known = (unit: number, threshold: number) =>
    [...decided, ...skipped].some((kink) => {
      return kink.layer === layer && kink.unit === unit && kink.threshold === threshold
    })
  let best: Choice | undefined
  let most = Number.NEGATIVE_INFINITY
  for (let unit = 0; unit < units; unit++) {
    const at = cell * units + unit
    for (const threshold of thresholds) {
      const height = center[at]! - threshold
      if (!(below[at]! > height && above[at]! > -height)) continue
      // The side that the kink is on: of the last layer the other one may not have been bounded well.
      const share = Math.abs(height) / (height > 0 ? below[at]! : above[at]!)
      if (!(share > most)) continue
      // Where rounding keeps a unit from being decided, its kink is not tried again.
      if (!known(unit, threshold)) [best, most] = [{cell, unit, threshold}, share]
    }
  }
  return best
}

/** The kinks as hyperplanes: the rows of their units, pulled back through layers that are all decided. */
async function hyperplanes(
  program: Program,
  forward: Forward,
  {deviations}: LayerBounds,
  {layer, units}: KinkInstruction,
  choices: readonly Choice[],
  {centers, points, scale}: PlacedCells,
): Promise<(Cut | undefined)[]> {
  const {size} = points
  const grid = {
    layer,
    points: Int32Array.from(choices, ({cell}) => cell),
    first: Int32Array.from(choices, ({unit}) => unit),
    second: undefined,
    signs: new Float32Array(choices.length).fill(1),
    rowsPerPoint: 1,
  }
  const lines = program.kinks.slice(0, layer).map((item) => {
    return forward.kinks[item.layer]!.lines(deviations[item.layer]!)
  })
  const rows = await pullGradients(program, grid, lines)
  const rowError = (layer + 1) * roomFor(program, forward.roundoff).rows
  const {center, rounding} = forward.kinks[layer]!
  return choices.map(({cell, unit, threshold}, k): Cut | undefined => {
    const row = rows.subarray(k * size, (k + 1) * size)
    const steepness = Math.hypot(...row)
    if (!(steepness > 0)) return undefined
    const normal = row.map((v) => v / steepness)
    const length = steepness * scale[cell]!
    const at = cell * units + unit
    let offset = (threshold - center[at]!) / length
    for (let i = 0; i < size; i++) offset += normal[i]! * centers[cell * size + i]!
    // Points of the unit ball are no more than 2 from the center.
    const error = ((layer + 1) * rounding[at]!) / length + 2 * rowError
    return {layer, unit, threshold, normal, offset, error}
  })
}
