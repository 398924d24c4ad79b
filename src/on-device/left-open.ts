import type {LayerBounds} from '../bounds/bound-layers.js'
import type {Forward} from '../forward/forward.js'
import type {Deviations} from '../kinks/kink.js'
import type {Program} from '../program/program.js'

/** A forward pass and what is known of larger balls, of some of the points, of a chain of kinks of one number a unit. */
export function atPoints(
  program: Program,
  {points, kinks, roundoff}: Forward,
  larger: LayerBounds | undefined,
  chosen: readonly number[],
): {readonly forward: Forward; readonly larger: LayerBounds | undefined} {
  const taken = (values: Float32Array, size: number) => {
    const own = new Float32Array(chosen.length * size)
    chosen.forEach((point, p) => {
      own.set(values.subarray(point * size, (point + 1) * size), p * size)
    })
    return own
  }
  const sides = (all: readonly Deviations[]) =>
    all.map(({below, above}, layer): Deviations => {
      const {forms} = kinks[layer]!
      return {below: taken(below, forms), above: taken(above, forms)}
    })
  const {size, values} = points
  return {
    forward: {
      points: {values: taken(values, size), count: chosen.length, size},
      kinks: program.kinks.map(({kink, layer}) => {
        const {center, rounding, forms} = kinks[layer]!
        return kink.at(taken(center, forms), taken(rounding, forms))
      }),
      numbers64: undefined,
      roundoff,
    },
    larger: larger && {
      deviations: sides(larger.deviations),
      bare: sides(larger.bare),
      reported: [],
    },
  }
}

/** Puts the bounds of some points in the place of what was found for them. */
export function putBounds(into: LayerBounds, own: LayerBounds, chosen: readonly number[]): void {
  for (const kind of ['deviations', 'bare'] as const) {
    own[kind].forEach(({below, above}, layer) => {
      const size = below.length / chosen.length
      const all = into[kind][layer]!
      chosen.forEach((point, p) => {
        all.below.set(below.subarray(p * size, (p + 1) * size), point * size)
        all.above.set(above.subarray(p * size, (p + 1) * size), point * size)
      })
    })
  }
}
