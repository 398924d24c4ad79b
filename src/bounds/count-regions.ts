import {findBottlenecks} from '../bottlenecks.js'
import type {Forward} from '../forward.js'
import {isInactive, isUnstable} from '../kinks/kink.js'
import type {Program} from '../program.js'
import type {LayerBounds} from './bound-layers.js'
import {log2Regions} from './log2-regions.js'

/** Upper bounds on the regions in balls, and the units they rest on. */
export interface RegionCounts {
  /** log2 of the bound, `[points]`; 0 where the ball lies in one region. */
  readonly log2Regions: Float64Array
  /** Per kinked layer: units that can change their sign on each point's ball, `[points]`. */
  readonly unstable: readonly Int32Array[]
  /** Per kinked layer: units that are on everywhere on each point's ball, `[points]`. */
  readonly active: readonly Int32Array[]
}

/** Counts unstable and active units per layer and point, and bounds the regions by them. */
export function countRegions(
  program: Program,
  forward: Forward,
  bounds: LayerBounds,
): RegionCounts {
  const {count} = forward.points
  const unstable = program.kinks.map(() => new Int32Array(count))
  const active = program.kinks.map(() => new Int32Array(count))
  for (const {layer, units} of program.kinks) {
    const z = forward.preActivations[layer]!
    const {below, above} = bounds.deviations[layer]!
    for (let at = 0; at < z.length; at++) {
      const point = Math.floor(at / units)
      if (isUnstable(z[at]!, below[at]!, above[at]!)) unstable[layer]![point]!++
      else if (!isInactive(z[at]!, above[at]!)) active[layer]![point]!++
    }
  }
  const bottlenecks = findBottlenecks(program)
  const counted = (point: number) =>
    program.kinks.map(({layer, units, kink}) => ({
      unstable: unstable[layer]![point]!,
      active: active[layer]![point]!,
      units,
      silent: kink.silent,
      bottleneck: bottlenecks[layer]!,
    }))
  return {
    log2Regions: Float64Array.from({length: count}, (_, point) =>
      log2Regions(counted(point), program.inputSize),
    ),
    unstable,
    active,
  }
}
