import type {LayerBounds} from '../bounds/bound-layers.js'
import {unbounded} from '../bounds/deviations.js'
import {type Forward, numbersOf} from '../forward.js'
import type {Program} from '../program.js'
import type {BallCell} from './ball-cells.js'

/**
 * What is known of the units that are decided on cells: none goes farther than to its kink. Such a unit moves so much less
 * that with the room for rounding it just reaches the kink. Where rounding leaves a doubt on which side of it the
 * cell's center is, nothing is known.
 *
 * @param forward the network at the cells' centers
 */
export function decidedBounds(
  {kinks}: Program,
  forward: Forward,
  cells: readonly BallCell[],
): LayerBounds {
  const bounds = kinks.map((item) => unbounded(cells.length * numbersOf(item)))
  cells.forEach(({decided}, cell) => {
    for (const {layer, unit, threshold, side} of decided) {
      const {center, rounding} = forward.kinks[layer]!
      const at = cell * kinks[layer]!.units + unit
      const height = side * (center[at]! - threshold)
      // A little less, for the rounding of the sum.
      const reach = height * (1 - 2 ** -20) - rounding[at]!
      if (reach <= 0) continue
      const {below, above} = bounds[layer]!
      const own = side === 1 ? below : above
      own[at] = Math.min(own[at]!, reach)
    }
  })
  return {deviations: bounds, bare: bounds, reported: bounds}
}
