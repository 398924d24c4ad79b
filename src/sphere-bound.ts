import type {RegionCounts} from './bounds/count-regions.js'
import {measureNetwork} from './measure.js'
import {inputShapeOf, type Network} from './network.js'
import {
  type Counting,
  checkMemory,
  countings,
  knownOptions,
  type Method,
  methods,
  oneOf,
} from './options.js'
import {type PointsLike, readPoints} from './points.js'
import {type RadiusLike, readRadius} from './radius.js'
import {readBudget, refineBounds} from './refine/index.js'

/** Options of `preactivationBounds`. */
export interface BoundOptions {
  /**
   * How pre-activations are bounded: 'spectral' (ball to ball, the cheapest), 'interval' (interval bound
   * propagation), 'crown' (CROWN, backward), 'combined' (the tightest). Default: 'combined'.
   */
  readonly method?: Method
  /** Limit for working tensors in bytes. Default: 512 MB. */
  readonly memory?: number
}

/** Options of `sphereBound`. */
export interface SphereBoundOptions extends BoundOptions {
  /**
   * How unstable units become a count: 'flats', the sets of units that can be zero together in the ball, or 'product',
   * all sets. Default: 'flats', which is never above 'product'.
   */
  readonly counting?: Counting
  /**
   * Splits each ball into cells that are bounded on their own, for as long as one of the budgets lasts; at least one
   * is needed. Of small networks it ends at the exact count. Default: no splitting.
   */
  readonly refine?: RefineOptions
}

/** Budgets for one ball. */
export interface RefineOptions {
  /**
   * Most cells. The same budget gives the same bound, and a larger one never a larger bound, up to float32 rounding on
   * the backend. Default: no limit.
   */
  readonly cells?: number
  /** Milliseconds, times the number of centers where these are refined together; then no cell is split. Default: no limit. */
  readonly ms?: number
}

/**
 * An upper bound on the number of linear regions that meet the open ball of `radius` around each center.
 *
 * Pre-activations are bounded on the ball; only units that can be both on and off there cut it; their
 * numbers are combined by the recursion of Serra et al. (arXiv:1711.02114) made local, see `log2Regions`. With the
 * counting 'flats' no more pieces a layer are counted than there are sets of its units that can be zero together.
 *
 * @param centers tensor or nested arrays, `[points, ...input shape]`
 * @param radius above 0, in units of the input space: a number, or one per center
 * @returns one entry a center: log2 of the bound (0: one region), and per kinked layer how many units are
 *   unstable, and active, on its ball
 *
 * With `refine` each ball is split by units of the first layers into cells on which these are decided, and the bounds of
 * the cells are added up: of up to 5 inputs in float64 on the host, else on the backend, where cells are bounded by
 * 'combined' whatever the method. `unstable` and `active` stay those of the whole ball.
 *
 * @throws RangeError for a wrong option, radius or shape; NonFiniteError for NaN or infinite centers or weights
 *
 * ```ts
 * const {log2Regions} = await sphereBound(readNetwork(model), [[0.5, 0.5]], 0.1)
 * ```
 */
export async function sphereBound(
  network: Network,
  centers: PointsLike,
  radius: RadiusLike,
  options: SphereBoundOptions = {},
): Promise<RegionCounts> {
  const {
    method = 'combined',
    counting = 'flats',
    refine,
    memory,
  } = knownOptions(options, ['method', 'counting', 'refine', 'memory'])
  const chosen = oneOf('method', method, methods)
  const {count} = await readPoints('centers', centers, inputShapeOf(network))
  const radii = [{rule: 'radius', radius: readRadius(radius, count)}]
  const chosenCounting = oneOf('counting', counting, countings)
  const request = {
    methods: [chosen],
    countings: [chosenCounting],
    radii,
    ...(memory !== undefined && {memory}),
  }
  if (refine !== undefined) {
    const limit = checkMemory(memory)
    return refineBounds(network, centers, radii[0]!.radius, {
      method: chosen,
      counting: chosenCounting,
      memory: limit,
      budget: readBudget(refine),
    })
  }
  const {bounds} = await measureNetwork(network, centers, request)
  const {log2Regions, unstable, active} = bounds[0]!
  return {log2Regions, unstable, active}
}
