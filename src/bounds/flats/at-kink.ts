import type {Reaches} from './feasible-sets.js'
import type {OpenPoint} from './open-points.js'
import type {Pieces} from './pieces.js'

/** A point's units: those that are at a kink, as far as rounding tells, and the others. */
export interface ByKink {
  /** What the former cut: they are in no set's way, so that every set of them counts. */
  readonly atKink: Pieces
  readonly others: OpenPoint
}

/**
 * Leaves out units that weigh nothing in any set, so that they need not be looked at. There are hundreds of them where biases
 * are 0 and images have a black background.
 */
export function byKink({changes, errors}: Reaches, {point, units}: OpenPoint): ByKink {
  const {starts, values} = changes
  let bits = 0
  const others = units.filter((_, i) => {
    for (let kink = starts[i]!; kink < starts[i + 1]!; kink++) {
      if (Math.abs(values[kink]!) > errors[i]!) continue
      bits += Math.log2(1 + starts[i + 1]! - starts[i]!)
      return false
    }
    return true
  })
  // Room for the rounding of the sum.
  const log2Sets = bits * (1 + units.length * 2 ** -52)
  return {atKink: () => log2Sets, others: {point, units: others}}
}
