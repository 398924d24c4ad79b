import type {Forward} from '../forward/forward.js'
import {findBottlenecks} from '../program/bottlenecks.js'
import type {Program} from '../program/program.js'
import type {LayerBounds} from './bound-layers.js'
import type {Pieces} from './flats/index.js'
import {type LayerCount, log2Regions} from './log2-regions.js'

/** Upper bounds on the regions in balls, and the units they rest on. */
export interface RegionCounts {
  /** log2 of the bound, `[points]`; 0 where the ball lies in one region. */
  readonly log2Regions: Float64Array
  /** Per kinked layer: units with a kink that is undecided on each point's ball, `[points]`. */
  readonly unstable: readonly Int32Array[]
  /** Per kinked layer: units that are decided with a slope on each point's ball (on), `[points]`. */
  readonly active: readonly Int32Array[]
}

/**
 * Counts unstable and active units per layer and point, and bounds the regions by them.
 *
 * @param flats `[layer][point]`: limits on the pieces that a layer cuts into, for the counting 'flats'
 */
export function countRegions(
  program: Program,
  forward: Forward,
  bounds: LayerBounds,
  flats?: readonly (readonly (Pieces | undefined)[])[],
): RegionCounts {
  const {count} = forward.points
  const unstable = program.kinks.map(() => new Int32Array(count))
  const active = program.kinks.map(() => new Int32Array(count))
  const bottlenecks = findBottlenecks(program)
  const regions = new Float64Array(count)
  for (let point = 0; point < count; point++) {
    const layers = layerCounts(program, forward, bounds, flats, bottlenecks, point)
    for (let layer = 0; layer < layers.length; layer++) {
      unstable[layer]![point] = layers[layer]!.unstable
      active[layer]![point] = layers[layer]!.active
    }
    regions[point] = log2Regions(layers, program.inputSize)
  }
  return {log2Regions: regions, unstable, active}
}

/** What the counting needs to know of every layer on one point's ball. */
export function layerCounts(
  program: Program,
  forward: Forward,
  bounds: LayerBounds,
  flats: readonly (readonly (Pieces | undefined)[])[] | undefined,
  bottlenecks: readonly boolean[],
  point: number,
): LayerCount[] {
  const found: LayerCount[] = []
  for (const {layer, kink} of program.kinks) {
    const own = forward.kinks[layer]!.counts(point, bounds.deviations[layer]!)
    const {unstable, active, kinks, doubles, moving} = own
    const pieces = flats?.[layer]?.[point]
    const [silent, bottleneck] = [kink.silent, bottlenecks[layer]!]
    found.push({unstable, active, kinks, doubles, moving, pieces, silent, bottleneck})
  }
  return found
}
