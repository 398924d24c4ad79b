import {inputShapeOf, type Network} from '../network.js'
import {knownOptions, oneOf} from '../options.js'
import {readRadius} from '../radius.js'
import type {AffineValues} from './affine-values.js'
import {ballCoordinates} from './ball-coordinates.js'
import {type HostProgram, withHostProgram} from './host-program.js'
import {readLimit} from './limit.js'
import {distanceToOrigin, unitSquare} from './polygon.js'
import {type PointLike, readPoint} from './read-point.js'
import {splitPolygons} from './split-polygons.js'
import {openBall} from './tolerance.js'
import {walkFacets} from './walk-facets.js'

/** The two ways to count: splitting polygons, for two inputs, and walking from facet to facet. */
export const countingMethods = ['polygons', 'facets'] as const

/** Which of them `countRegions` takes: 'polygons' or 'facets'. */
export type CountingMethod = (typeof countingMethods)[number]

/** Options of `countRegions`. */
export interface CountRegionsOptions {
  /** Regions after which the count stops as incomplete. Default: 100000. */
  readonly limit?: number
  /** 'polygons' (two inputs only) or 'facets'. Default: 'polygons' for two inputs, else 'facets'. */
  readonly method?: CountingMethod
}

/** A number of regions, all of them if `complete`, else a lower bound. */
export interface CountedRegions {
  readonly regions: number
  readonly complete: boolean
}

/**
 * The exact number of linear regions (activation patterns) that meet the open l2 ball of `radius` around a center.
 *
 * Two inputs: the disc's square is split by the lines of one unit after the other, and the polygons nearer to the
 * center than the radius are counted. Any number of inputs: a region is a polytope; from the center's region every
 * facet that lies partly in the ball is crossed, breadth first, and it does so if the least distance from the
 * center to it, a quadratic programme, is below the radius. Everything is in float64.
 *
 * The work grows with regions x units, and for more than two inputs with inputs^2 too: meant for small networks.
 * Hyperplanes within 1e-12 of the radius of each other count as one, and where rounding leaves a doubt, as between
 * hyperplanes that nearly coincide, a region is left out. The radius should be no less than about a millionth of the
 * numbers in the network, or rounding hides what is in the ball.
 *
 * @param center one point: a tensor or arrays of the input shape, or flattened
 * @param radius above 0, in units of the input space
 * @returns the number, and whether it is complete: it is not where there are more than `limit`
 * @throws RangeError for a wrong option, radius or shape; NonFiniteError where the center or weights are NaN or
 *   infinite
 *
 * ```ts
 * const {regions, complete} = await countRegions(readNetwork(model), [0.5, 0.5], 0.1, {limit: 10000})
 * ```
 */
export async function countRegions(
  network: Network,
  center: PointLike,
  radius: number,
  options: CountRegionsOptions = {},
): Promise<CountedRegions> {
  const {limit, method} = knownOptions(options, ['limit', 'method'])
  const most = readLimit(limit)
  const origin = await readPoint('center', center, inputShapeOf(network))
  const [reach] = readRadius(radius, 1) as unknown as [number]
  const planar = origin.length === 2
  const chosen = oneOf('method', method ?? (planar ? 'polygons' : 'facets'), countingMethods)
  if (chosen === 'polygons' && !planar) {
    throw new RangeError(
      `method: 'polygons' expects two inputs, got ${origin.length}; use 'facets', or restrictToPlane`,
    )
  }
  const count = chosen === 'polygons' ? countPolygons : walkFacets
  const input = ballCoordinates(origin, reach)
  return withHostProgram(network, (program) => count(program, input, most))
}

function countPolygons(program: HostProgram, input: AffineValues, limit: number): CountedRegions {
  const inDisc = (polygon: Parameters<typeof distanceToOrigin>[0]) =>
    distanceToOrigin(polygon) < openBall
  let regions = 0
  for (const _ of splitPolygons(program, input, unitSquare, inDisc)) {
    if (regions === limit) return {regions, complete: false}
    regions++
  }
  return {regions, complete: true}
}
