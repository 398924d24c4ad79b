import {measureNetwork} from './measure.js'
import {inputShapeOf, type Network} from './network.js'
import {checkWhole, knownOptions} from './options.js'
import {type PointsLike, readPoints} from './points.js'
import {type RadiusLike, readRadius} from './radius.js'

/** Options of `localComplexity`. */
export interface LocalComplexityOptions {
  /** Directions of the frame; there are twice as many vertices. Default: 25, or the input's dimensions if fewer. */
  readonly directions?: number
  /** Whole number that the frames belong to. Default: 1. */
  readonly seed?: number
  /** Limit for working tensors in bytes. Default: 512 MB. */
  readonly memory?: number
}

/** Units that differ between the vertices of a cross-polytope. */
export interface LocalComplexities {
  /** Over all kinked layers, one entry a center. */
  readonly localComplexity: Int32Array
  /** Per kinked layer, one entry a center. */
  readonly crossed: readonly Int32Array[]
}

/**
 * The sampled local complexity of Humayun, Balestriero and Baraniuk, "Deep networks always grok and here is why"
 * (arXiv:2402.15555): around each center x a cross-polytope with vertices x +- radius v_p, the v_p a random orthonormal
 * frame; counted are the units whose pre-activations do not have the same sign at all vertices.
 *
 * Theirs: the cross-polytope, the count, the sum over layers, and 25 directions. Ours: a frame of its own for each center
 * (their code draws one for all centers of a call), a zero counted as off, the piece in place of the sign for
 * units with two kinks and the winner for a maximum, and all kinked layers of the network where theirs are chosen by name.
 * They average over centers, which is left to you.
 *
 * It is a statistic to compare with their work, no bound: rounding has no room here. But for rounding it is at most
 * the number of units that cut the open ball, because a unit that differs at two vertices changes between them.
 *
 * @param centers tensor or nested arrays, `[points, ...input shape]`
 * @param radius of the vertices, above 0, in units of the input space: a number, or one per center
 * @throws RangeError for a wrong option, radius or shape; NonFiniteError for NaN or infinite centers or weights
 *
 * ```ts
 * const {localComplexity: units} = await localComplexity(readNetwork(model), [[0.5, 0.5]], 0.005)
 * ```
 */
export async function localComplexity(
  network: Network,
  centers: PointsLike,
  radius: RadiusLike,
  options: LocalComplexityOptions = {},
): Promise<LocalComplexities> {
  const {directions, seed = 1, memory} = knownOptions(options, ['directions', 'seed', 'memory'])
  const {count, size} = await readPoints('centers', centers, inputShapeOf(network))
  const settings = {directions: checkDirections(directions, size), seed: checkWhole('seed', seed)}
  const radii = [{rule: 'radius', radius: readRadius(radius, count)}]
  const request = {localComplexity: settings, radii, ...(memory !== undefined && {memory})}
  const {crossed} = (await measureNetwork(network, centers, request)).localComplexity[0]!
  return {localComplexity: sumOverLayers(crossed, count), crossed}
}

/**
 * The number of directions, or its default.
 *
 * @throws RangeError where it is not a whole number from 1 to the input's dimensions
 */
export function checkDirections(directions: number | undefined, dimensions: number): number {
  return directions === undefined
    ? Math.min(25, dimensions)
    : checkWhole('directions', directions, 1, dimensions)
}

/** Units of all layers, `[points]`. */
export function sumOverLayers(layers: readonly Int32Array[], count: number): Int32Array {
  return Int32Array.from({length: count}, (_, point) =>
    layers.reduce((sum, layer) => sum + layer[point]!, 0),
  )
}
