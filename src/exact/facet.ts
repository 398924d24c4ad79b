import {type HalfSpace, leastDistance} from './least-distance.js'
import type {Plane} from './region-planes.js'
import type {Row} from './row.js'
import {narrowestFacet, openBall, rowError} from './tolerance.js'

/**
 * Whether a region has a facet on a hyperplane within the open unit ball: whether the hyperplane comes near
 * enough to the origin where all other inequalities of the region hold. All rows are >= 0 on the region, and no two
 * are the same hyperplane.
 */
export function hasFacetInBall(facet: Plane, others: readonly Plane[]): boolean {
  const offset = facet.row[0]!
  const reach = Math.sqrt(openBall ** 2 - offset ** 2)
  const halfSpaces: HalfSpace[] = []
  for (const {row, noise} of others) {
    const [constant, ...slopes] = onHyperplane(facet.row, row)
    const length = Math.hypot(...slopes)
    // Parallel: the hyperplane lies within the half-space, or beyond it.
    if (length === 0) {
      if (constant! < 0) return false
      continue
    }
    // Where two hyperplanes are nearly parallel, an error moves their intersection far.
    const error = (rowError + facet.noise + noise) / length
    const bound = -constant! / length + narrowestFacet + error
    if (bound >= reach) return false
    if (bound > -reach) halfSpaces.push({normal: slopes.map((v) => v / length), bound})
  }
  return leastDistance(halfSpaces, facet.row.length - 2) < reach
}

/**
 * A row as a function on the hyperplane, whose coordinates start at its point nearest to the origin: a reflection
 * turns the facet's normal into an axis, which is then left out.
 */
function onHyperplane(facet: Row, row: Row): number[] {
  const [offset, ...normal] = facet as [number, ...number[]]
  const [constant, ...gradient] = row as [number, ...number[]]
  // Away from the normal's own sign, so that nothing cancels.
  const sign = normal[0]! < 0 ? -1 : 1
  const mirror = normal.map((v, i) => (i === 0 ? v + sign : v))
  const dot = mirror.reduce((sum, v, i) => sum + v * gradient[i]!, 0)
  const factor = dot / (1 + Math.abs(normal[0]!))
  const [along, ...rest] = gradient.map((v, i) => v - factor * mirror[i]!)
  return [constant + along! * sign * offset, ...rest]
}
