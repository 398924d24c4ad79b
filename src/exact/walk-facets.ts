import type {AffineValues} from './affine-values.js'
import {hasFacetInBall} from './facet.js'
import type {HostProgram} from './host-program.js'
import {patternKey, regionAround, regionBeyond, regionOf} from './region.js'
import {inTheirSpan, planesInBall} from './region-planes.js'
import {sameHyperplane} from './tolerance.js'

/**
 * Counts the regions that meet the open unit ball of the coordinates: from the one around the origin, breadth
 * first, across every facet that lies partly in the ball. The ball is convex, so that all regions are reached.
 */
export function walkFacets(
  program: HostProgram,
  input: AffineValues,
  limit: number,
): {regions: number; complete: boolean} {
  const first = regionAround(program, input, sameHyperplane)
  const found = new Set([patternKey(first)])
  let shell = [first.layers.map(({pieces}) => pieces)]
  while (shell.length > 0) {
    const next: Int32Array[][] = []
    for (const pattern of shell) {
      const region = regionOf(program, input, pattern)
      const planes = planesInBall(region)
      const short = inTheirSpan(planes)
      for (const [k, plane] of planes.entries()) {
        const neighbour = regionBeyond(program, region, plane.row, sameHyperplane)
        const key = patternKey(neighbour)
        if (found.has(key)) continue
        const others = short.filter((_, other) => other !== k)
        if (!hasFacetInBall(short[k]!, others)) continue
        if (found.size === limit) return {regions: limit, complete: false}
        found.add(key)
        next.push(neighbour.layers.map(({pieces}) => pieces))
      }
    }
    shell = next
  }
  return {regions: found.size, complete: true}
}
