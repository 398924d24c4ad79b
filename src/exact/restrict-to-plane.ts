import {denseWeights} from '../affine/dense.js'
import {inputShapeOf, type Network, type Step} from '../network.js'
import {type PointLike, readPoint} from './read-point.js'

/**
 * A network of two inputs (a, b): the given one on the plane origin + a u + b v through its input space. Its
 * regions are the slices of the network's regions, its layers the same ones.
 *
 * Distances in the plane are those of the input space where u and v have length 1 and a right angle between
 * them. Like every network it reads the model's weights anew at each measurement.
 *
 * @param origin one point: a tensor or arrays of the input shape, or flattened
 * @param u direction of the first coordinate, in the same form
 * @param v direction of the second coordinate
 * @throws RangeError for other shapes, or where u and v lie on one line; NonFiniteError for NaN or infinite numbers
 *
 * ```ts
 * const slice = await restrictToPlane(readNetwork(model), [0.5, 0.5], [0.6, 0.8], [-0.8, 0.6])
 * const {regions} = await countRegions(slice, [0, 0], 0.1)
 * ```
 */
export async function restrictToPlane(
  network: Network,
  origin: PointLike,
  u: PointLike,
  v: PointLike,
): Promise<Network> {
  const inputShape = inputShapeOf(network)
  const shift = await readPoint('origin', origin, inputShape)
  const directions = [await readPoint('u', u, inputShape), await readPoint('v', v, inputShape)]
  checkSpan(directions as [Float64Array, Float64Array])
  const kernel = Float64Array.from(directions.flatMap((direction) => [...direction]))
  const plane: Step = {
    kind: 'affine',
    inputs: [0],
    name: 'plane',
    className: 'Plane',
    size: shift.length,
    source: {read: async () => denseWeights(kernel, shift, 2)},
  }
  // The plane makes value 1, which stands for the input; every other value moves up by one.
  const moved = network.steps.map((step): Step => {
    if (step.kind === 'kink') return {...step, inputs: [step.inputs[0] + 1]}
    return {...step, inputs: step.inputs.map((input) => input + 1)}
  })
  return {...network, inputShape: [2], steps: [plane, ...moved]}
}

function checkSpan([u, v]: readonly [Float64Array, Float64Array]): void {
  const lengths = [Math.hypot(...u), Math.hypot(...v)] as const
  const shorter = u.map((value, i) => value / lengths[0] - v[i]! / lengths[1])
  const longer = u.map((value, i) => value / lengths[0] + v[i]! / lengths[1])
  const apart = Math.min(Math.hypot(...shorter), Math.hypot(...longer))
  if (apart > 1e-6) return
  throw new RangeError(
    'u, v: expected two directions that span a plane, got directions on one line or of length 0',
  )
}
