import type {Boundaries} from './distance/distance.js'
import {measureNetwork} from './measure.js'
import type {Network} from './network.js'
import {knownOptions, type Norm, norms, oneOf} from './options.js'
import type {PointsLike} from './points.js'

/** Options of `distanceToBoundary`. */
export interface DistanceOptions {
  /** Norm of the input space: 'l2' (or 2), 'linf' (or Infinity). Default: 'l2'. */
  readonly norm?: Norm | number
  /** Limit for working tensors in bytes. Default: 512 MB. */
  readonly memory?: number
}

/**
 * The exact distance from each point to the nearest boundary of its linear region,
 *
 *     distance(x) = min over all hidden units i of |z_i(x)| / ||grad_x z_i(x)||,
 *
 * the norm being the dual of the input space's (l2: l2, linf: l1), in units of the input space. It is exact because x lies in a convex polytope whose facets are among the
 * hyperplanes z_i = 0. z is recomputed in float64 where float32 would leave the nearest unit in doubt.
 *
 * @param points tensor or nested arrays, `[points, ...input shape]`
 * @returns one entry a point: the distance (Infinity where no unit can ever change), and the kinked layer
 *   and the unit whose boundary it is (-1 where the distance is infinite)
 * @throws RangeError for a wrong option or points of another shape; NonFiniteError where points or weights are
 *   NaN or infinite
 *
 * ```ts
 * const {distance} = await distanceToBoundary(readNetwork(model), [[0.5, 0.5]])
 * ```
 */
export async function distanceToBoundary(
  network: Network,
  points: PointsLike,
  options: DistanceOptions = {},
): Promise<Boundaries> {
  const {norm = 'l2', memory} = knownOptions(options, ['norm', 'memory'])
  const names: Readonly<Record<string, string>> = {2: 'l2', Infinity: 'linf'}
  const chosen = oneOf('norm', names[norm] ?? norm, norms)
  const request = {norms: [chosen], ...(memory !== undefined && {memory})}
  const {distances} = await measureNetwork(network, points, request)
  const {distance, layer, unit} = distances[0]!
  return {distance, layer, unit}
}
