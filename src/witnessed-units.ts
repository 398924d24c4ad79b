import {measureNetwork} from './measure.js'
import {inputShapeOf, type Network} from './network.js'
import {checkWhole, knownOptions} from './options.js'
import {type PointsLike, readPoints} from './points.js'
import {type RadiusLike, readRadius} from './radius.js'

/** Options of `witnessedUnits`. */
export interface WitnessOptions {
  /** Gradient steps for each unit: the first along the gradient at the center. Default: 2. */
  readonly steps?: number
  /** Limit for working tensors in bytes. Default: 512 MB. */
  readonly memory?: number
}

/**
 * A lower bound on the units that cut the open ball of `radius` around each center: units that are seen to change
 * inside it, where `sphereBound` says how many could. Of a maximum it is the winner that changes.
 *
 * Only units that the 'combined' bounds leave unstable are looked at. Each of them is sought at the edge of the
 * ball against its gradient at the center, then, up to `steps` times, against its gradient at the point reached;
 * whatever other units do at these points counts as well. Units are evaluated by a forward pass, and a change counts
 * only where the unit is further from its kink on both sides than rounding reaches (8 sqrt(n) u (|W||h| + |b|), as
 * for the bounds). For the first layer the search is exact but for that room; a deeper unit that is not found may
 * cut the ball all the same.
 *
 * @param centers tensor or nested arrays, `[points, ...input shape]`
 * @param radius above 0, in units of the input space: a number, or one per center
 * @returns per kinked layer the number of units seen to change, one entry a center
 * @throws RangeError for a wrong option, radius or shape; NonFiniteError for NaN or infinite centers or weights
 *
 * ```ts
 * const network = readNetwork(model)
 * const {witnessed} = await witnessedUnits(network, [[0.5, 0.5]], 0.1)
 * const {unstable} = await sphereBound(network, [[0.5, 0.5]], 0.1)
 * witnessed[0]![0]! <= unstable[0]![0]!  //-> true
 * ```
 */
export async function witnessedUnits(
  network: Network,
  centers: PointsLike,
  radius: RadiusLike,
  options: WitnessOptions = {},
): Promise<{witnessed: Int32Array[]}> {
  const {steps = defaultSteps, memory} = knownOptions(options, ['steps', 'memory'])
  checkWhole('steps', steps, 1)
  const {count} = await readPoints('centers', centers, inputShapeOf(network))
  const radii = [{rule: 'radius', radius: readRadius(radius, count)}]
  const request = {witnessed: {steps}, radii, ...(memory !== undefined && {memory})}
  const {witnessed} = await measureNetwork(network, centers, request)
  return {witnessed: [...witnessed[0]!.witnessed]}
}

/** A second step finds a few units more; further ones cost as much and hardly find any. */
export const defaultSteps = 2
