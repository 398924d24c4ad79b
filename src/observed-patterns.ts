import {measureNetwork} from './measure.js'
import {inputShapeOf, type Network} from './network.js'
import {checkWhole, knownOptions} from './options.js'
import {type PointsLike, readPoints} from './points.js'
import {type RadiusLike, readRadius} from './radius.js'

/** Options of `observedPatterns`. */
export interface PatternOptions {
  /** Points to look at in each ball, the center among them. Default: 256. */
  readonly samples?: number
  /** Whole number that the samples belong to. Default: 1. */
  readonly seed?: number
  /** Limit for working tensors in bytes. Default: 512 MB. */
  readonly memory?: number
}

/**
 * A lower bound on the regions that meet the open ball of `radius` around each center: distinct activation patterns
 * at sampled points of it, at most `samples`.
 *
 * The center is one of the points. Of the others half are uniform in the ball. In many dimensions these hardly ever
 * leave the center's region, so the other half lie in random combinations of up to 32 gradients of units that the
 * 'combined' bounds leave unstable. Two patterns are distinct where some unit is on two pieces of its function and
 * further from its kink at both points than rounding reaches.
 *
 * The samples of a center depend on the seed and on its place among the centers; those of different radii lie in the same
 * directions where the same units are unstable.
 *
 * @param centers tensor or nested arrays, `[points, ...input shape]`
 * @param radius above 0, in units of the input space: a number, or one per center
 * @returns one entry a center, at least 1
 * @throws RangeError for a wrong option, radius or shape; NonFiniteError for NaN or infinite centers or weights
 *
 * ```ts
 * const {patterns} = await observedPatterns(readNetwork(model), [[0.5, 0.5]], 0.1, {samples: 1000})
 * Math.log2(patterns[0]!)  // to set against log2Regions of sphereBound
 * ```
 */
export async function observedPatterns(
  network: Network,
  centers: PointsLike,
  radius: RadiusLike,
  options: PatternOptions = {},
): Promise<{patterns: Int32Array}> {
  const {
    samples = defaultSamples,
    seed = 1,
    memory,
  } = knownOptions(options, ['samples', 'seed', 'memory'])
  checkWhole('samples', samples, 1)
  checkWhole('seed', seed)
  const {count} = await readPoints('centers', centers, inputShapeOf(network))
  const radii = [{rule: 'radius', radius: readRadius(radius, count)}]
  const request = {patterns: {samples, seed}, radii, ...(memory !== undefined && {memory})}
  const {patterns} = await measureNetwork(network, centers, request)
  return {patterns: patterns[0]!.patterns}
}

/** Up to 8 bits a ball. */
export const defaultSamples = 256
