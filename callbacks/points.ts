import * as tf from '@tensorflow/tfjs'
import {checkFinite, type PointsLike, readPoints as readRows} from '../src/points.js'

/** Points as a user gives them: a tensor [n, ...shape], nested arrays, or one flat typed array. */
export type PointsInput = PointsLike | TypedNumbers

export type TypedNumbers = Float32Array | Float64Array | Int32Array | Uint8Array

/** Points on the host, row-major: point i is `values[i * features]` and what follows. */
export interface Points {
  readonly values: Float32Array
  readonly count: number
  readonly features: number
  /** Lengths of a point's axes. */
  readonly shape: readonly number[]
}

/** Joins values to points of one shape. */
export function makePoints(values: Float32Array, shape: readonly number[]): Points {
  const features = shape.reduce((product, axis) => product * axis, 1)
  return {values, count: values.length / features, features, shape}
}

/** The features of one point, as a view. */
export function pointAt({values, features}: Points, index: number): Float32Array {
  return values.subarray(index * features, (index + 1) * features)
}

/** The points at these indices, copied. */
export function pointsAt(points: Points, indices: ArrayLike<number>): Float32Array {
  const values = new Float32Array(indices.length * points.features)
  for (let slot = 0; slot < indices.length; slot++)
    values.set(pointAt(points, indices[slot]!), slot * points.features)
  return values
}

/** The Euclidean length. */
export function length(values: ArrayLike<number>): number {
  let sum = 0
  for (let index = 0; index < values.length; index++) sum += values[index]! ** 2
  return Math.sqrt(sum)
}

/**
 * Copies points to the host. The tensor stays the caller's.
 *
 * @param given as src's `readPoints` takes them, or one flat typed array
 * @throws RangeError naming the option where the shape is not [n, ...shape] with n >= 1
 * @throws NonFiniteError naming the point where a number is NaN or infinite
 */
export async function readPoints(
  option: string,
  given: PointsInput,
  shape: readonly number[],
): Promise<Points> {
  if (given instanceof tf.Tensor && given.isDisposed)
    throw new RangeError(`${option}: expected a living tensor, got one that has been disposed`)
  if (!ArrayBuffer.isView(given)) {
    const {values} = await readRows(option, given, shape)
    return makePoints(values, shape)
  }
  const points = makePoints(new Float32Array(given), shape)
  if (!points.count || given.length % points.features) {
    throw new RangeError(
      `${option}: expected numbers for at least one point of shape [${shape.join(', ')}], ` +
        `${points.features} for each, got ${given.length}`,
    )
  }
  checkFinite(option, points.values, points.features)
  return points
}
