import {Tensor} from '@tensorflow/tfjs'
import {show} from './common/show.js'
import {findNonFinite, NonFiniteError} from './errors.js'
import type {Shape} from './network.js'

/** Points of the input space: a tensor `[points, ...input shape]`, or the same as nested arrays. */
export type PointsLike = Tensor | NestedNumbers | readonly ArrayLike<number>[]

/** Arrays in arrays, as deep as points have axes: `[[0, 1], [2, 3]]` are two points of two features. */
export type NestedNumbers = readonly (number | NestedNumbers)[]

/** Points on the host, `[count x size]`, row-major. */
export interface Points {
  readonly values: Float32Array
  readonly count: number
  readonly size: number
}

/**
 * Reads points and checks them against the network's input shape; flattened points are taken too.
 *
 * @throws RangeError for another shape
 * @throws NonFiniteError for a NaN or infinite feature, naming the point
 */
export async function readPoints(
  option: string,
  points: PointsLike,
  inputShape: Shape,
): Promise<Points> {
  const {shape, values} =
    points instanceof Tensor
      ? {shape: points.shape, values: new Float32Array(await points.data())}
      : readNested(option, points)
  const [count, ...rest] = shape as [number, ...number[]]
  const size = inputShape.reduce((a, b) => a * b, 1)
  const flat = rest.length === 1 && rest[0] === size
  const same = rest.length === inputShape.length && rest.every((n, axis) => n === inputShape[axis])
  if (!count || !(flat || same)) {
    throw new RangeError(
      `${option}: expected at least one point of shape [points, ${inputShape.join(', ')}], ` +
        `got shape [${shape.join(', ')}]`,
    )
  }
  checkFinite(option, values, size)
  return {values, count, size}
}

/**
 * Refuses features that are NaN or infinite.
 *
 * @throws NonFiniteError naming the point of the first
 */
export function checkFinite(option: string, values: Float32Array, size: number): void {
  const bad = findNonFinite(values)
  if (bad < 0) return
  const where = `point ${Math.floor(bad / size)}, feature ${bad % size}`
  throw new NonFiniteError(`${option}: expected finite numbers, got ${values[bad]} at ${where}`)
}

function readNested(option: string, points: unknown) {
  const shape: number[] = []
  const values: number[] = []
  const walk = (item: unknown, depth: number) => {
    if (typeof item === 'number') {
      if (depth !== shape.length) throw ragged(option)
      values.push(item)
      return
    }
    const list = item as ArrayLike<unknown> | null
    if (list === null || typeof list !== 'object' || typeof list.length !== 'number') {
      throw new RangeError(
        `${option}: expected a tensor or nested arrays of numbers, got ${show(item)}`,
      )
    }
    if (values.length === 0 && depth === shape.length) shape.push(list.length)
    else if (shape[depth] !== list.length) throw ragged(option)
    for (let i = 0; i < list.length; i++) walk(list[i], depth + 1)
  }
  walk(points, 0)
  return {shape, values: Float32Array.from(values)}
}

const ragged = (option: string) =>
  new RangeError(`${option}: expected arrays of equal lengths, got arrays of different lengths`)
