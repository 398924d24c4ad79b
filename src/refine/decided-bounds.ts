import type {LayerBounds} from '../bounds/bound-layers.js'
import {unbounded} from '../bounds/deviations.js'
import {type Forward, numbersOf} from '../forward/forward.js'
import type {Program} from '../program/program.js'
import type {BallCell} from './ball-cells.js'

/**
 * What is known of the units that are decided on cells: none goes farther than to its kink. From the center as it was
 * computed that is a height away, from the true one more or less by rounding. Where the height is less than that, it is
 * in doubt on which side of the kink the center is, and nothing is known.
 *
 * @param forward the network at the cells' centers
 */
export function decidedBounds(
  {kinks}: Program,
  forward: Forward,
  cells: readonly BallCell[],
): LayerBounds {
  const unknown = () => kinks.map((item) => unbounded(cells.length * numbersOf(item)))
  const [deviations, bare] = [unknown(), unknown()]
  cells.forEach(({decided}, cell) => {
    for (const {layer, unit, threshold, side} of decided) {
      const {center, rounding} = forward.kinks[layer]!
      const at = cell * kinks[layer]!.units + unit
      const height = side * (center[at]! - threshold)
      if (!(height > rounding[at]!)) continue
      const own = side === 1 ? 'below' : 'above'
      // Rounded down, so as not to pass the kink.
      const wide = height * (1 - 2 ** -23)
      deviations[layer]![own][at] = Math.min(deviations[layer]![own][at]!, wide)
      bare[layer]![own][at] = Math.min(bare[layer]![own][at]!, height + rounding[at]!)
    }
  })
  return {deviations, bare, reported: deviations}
}
