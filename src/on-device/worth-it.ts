import type {Program} from '../program/program.js'
import type {Chain} from '../pull/chain.js'
import type {Costs} from './costs.js'

/** How many rows of each layer the distance tries first. */
export const promising = 2

/**
 * Whether the distance had better try rows of all layers at once. Layer after layer the readings are up to two a layer, but
 * for the first one; at once they are two. What that takes more is the rows that a nearer layer's would have saved.
 */
export function distanceAtOnce(costs: Costs, program: Program, count: number): boolean {
  const layers = program.kinks.slice(1)
  const saved = 2 * layers.length - 2
  const more = layers.reduce((sum, {layer}) => sum + multiplyAdds(program, layer), 0)
  return saved * costs.wait > promising * count * more * costs.multiplyAdd
}

/** Readings of a layer between layers: intervals, the reach of the ball, rows of the sides that may decide, the other rows. */
const readings = 4

/** How many operations a layer takes more, counted on layers that are pulled to the input: small ones cost as much as any. */
const operations = 100

/** Fewer rows a layer leave too many points open. */
const fewest = 8

/** Tensors of [rows, widest value] at a time. */
const tensors = 8

/**
 * How many units of each layer get both their rows at each point, of the last one the row that may decide them, where no layer's bounds are read before the next one's are
 * made: as many as take no longer than the readings that this saves, so that it costs at most as much again should all points
 * be left open.
 *
 * @returns undefined where that is too few
 */
export function rowsALayer(
  {wait, operation, multiplyAdd}: Costs,
  program: Program,
  {maps, kinks}: Chain,
  count: number,
  memory: number,
): readonly number[] | undefined {
  const widest = Math.max(...maps.map(({map}) => Math.max(map.outputSize, ...map.inputSizes)))
  const room = memory / (4 * tensors * 2 * count * widest)
  const rows = kinks.map(({layer, units}) => {
    if (layer === 0) return 0
    const left = readings * wait - operations * operation
    const sides = layer < kinks.length - 1 ? 2 : 1
    const each = sides * count * multiplyAdds(program, layer) * multiplyAdd
    const affordable = left > 0 ? Math.floor(Math.min(left / each, room)) : 0
    return affordable >= Math.min(fewest, units) ? Math.min(units, affordable) : -1
  })
  return kinks.length > 1 && rows.every((own) => own >= 0) ? rows : undefined
}

/** Of one row of a layer on its way to the input. */
function multiplyAdds({kinks, instructions}: Program, layer: number): number {
  return instructions
    .slice(0, kinks[layer]!.input)
    .reduce(
      (sum, item) => sum + (item.kind === 'affine' ? item.map.fanIn * item.map.outputSize : 0),
      0,
    )
}
