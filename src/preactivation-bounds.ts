import {boundLayers} from './bounds/bound-layers.js'
import {inputShapeOf, type Network} from './network.js'
import {checkMemory, knownOptions, methods, oneOf} from './options.js'
import {type PointsLike, readPoints} from './points.js'
import {type RadiusLike, readRadius} from './radius.js'
import {withSession} from './session.js'
import type {BoundOptions} from './sphere-bound.js'

/** Bounds of every unit, one array per kinked layer, `[points x units]` row-major. */
export interface PreactivationBounds {
  readonly lower: Float32Array[]
  readonly upper: Float32Array[]
}

/**
 * Bounds on every pre-activation over the closed ball of `radius` around each center:
 * lower_i <= z_i(x') <= upper_i wherever ||x' - x||_2 <= radius. Float32 rounding is part of them: each side is
 * widened by 8 sqrt(n) u (|W||h| + |b|), n the fan-in and u the unit round-off of the backend's product. For a
 * maximum (max pooling) the bounds are those of the margin of the center's winner over its best rival. Bounds that leave
 * float32, as intervals do in very deep networks, are infinite.
 *
 * @param centers tensor or nested arrays, `[points, ...input shape]`
 * @param radius above 0, in units of the input space: a number, or one per center
 * @throws as `sphereBound`
 *
 * ```ts
 * const {lower, upper} = await preactivationBounds(readNetwork(model), [[0.5, 0.5]], 0.1, {method: 'crown'})
 * lower[0]  // of the first kinked layer's units
 * ```
 */
export async function preactivationBounds(
  network: Network,
  centers: PointsLike,
  radius: RadiusLike,
  options: BoundOptions = {},
): Promise<PreactivationBounds> {
  const {method = 'combined', memory} = knownOptions(options, ['method', 'memory'])
  const chosen = oneOf('method', method, methods)
  const limit = checkMemory(memory)
  const points = await readPoints('centers', centers, inputShapeOf(network))
  const radii = readRadius(radius, points.count)
  return withSession(network, points, limit, async (session) => {
    const lower = network.layers.map(({units}) => new Float32Array(points.count * units))
    const upper = network.layers.map(({units}) => new Float32Array(points.count * units))
    await session.eachChunk('bounds', async (forward, start) => {
      const own = radii.subarray(start, start + forward.points.count)
      const {reported} = await boundLayers(session.tools, forward, own, chosen, undefined, true)
      reported.forEach((forms, layer) => {
        const at = start * network.layers[layer]!.units
        const bounds = forward.kinks[layer]!.bounds(forms)
        lower[layer]!.set(bounds.lower, at)
        upper[layer]!.set(bounds.upper, at)
      })
    })
    return {lower, upper}
  })
}
