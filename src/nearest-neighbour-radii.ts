import {Tensor} from '@tensorflow/tfjs'
import {checkMemory, knownOptions} from './options.js'
import {type PointsLike, readPoints} from './points.js'
import {nearestDistances} from './radii/nearest-distances.js'

/** Options of `nearestNeighbourRadii`. */
export interface NearestNeighbourOptions {
  /** Limit for working tensors in bytes. Default: 512 MB. */
  readonly memory?: number
}

/**
 * A radius for each point: the Euclidean distance to its nearest other point times `factor`. With 0.5 the balls of two
 * points never overlap.
 *
 * Points at the same place, copies of each other, are passed over. Distances are exact: the backend's products only choose
 * the points to compare in float64.
 *
 * @param points tensor or nested arrays, `[points, ...shape]`
 * @param factor above 0
 * @returns one radius a point, as `sphereBound` takes them
 * @throws RangeError for a wrong option, a factor that is no number above 0, or points that all lie at the same place;
 *   NonFiniteError for a point that is NaN or infinite
 *
 * ```ts
 * await nearestNeighbourRadii([[0, 0], [3, 4], [3, 5]], 0.5)  //-> Float64Array [2.5, 0.5, 0.5]
 * ```
 */
export async function nearestNeighbourRadii(
  points: PointsLike,
  factor = 1,
  options: NearestNeighbourOptions = {},
): Promise<Float64Array> {
  const {memory} = knownOptions(options, ['memory'])
  if (!(typeof factor === 'number' && factor > 0 && factor < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`factor: expected a finite number above 0, got ${factor}`)
  }
  const limit = checkMemory(memory)
  const read = await readPoints('points', points, shapeOf(points))
  const distances = await nearestDistances(read, read, limit)
  if (distances.includes(Number.POSITIVE_INFINITY)) {
    throw new RangeError('points: expected at least two that differ, got none that differ')
  }
  return distances.map((distance) => distance * factor)
}

/** Lengths of a point's axes, as the first point has them. */
function shapeOf(points: PointsLike): number[] {
  if (points instanceof Tensor) return points.shape.slice(1)
  const shape: number[] = []
  let item: unknown = (points as ArrayLike<unknown> | null)?.[0]
  while (typeof item === 'object' && item !== null) {
    shape.push((item as ArrayLike<unknown>).length)
    item = (item as ArrayLike<unknown>)[0]
  }
  return shape
}
