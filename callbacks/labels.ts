import * as tf from '@tensorflow/tfjs'
import type {NestedNumbers} from '../src/points.js'
import {show} from './check.js'

/**
 * Classes as a user gives them: whole numbers [n] or [n, 1], or one row of class weights each [n,
 * classes].
 */
export type LabelsLike = tf.Tensor | NestedNumbers | ArrayLike<number>

/** The class of each example, and of how many columns one-hot labels were; null where they were not. */
export interface Classes {
  readonly classes: Int32Array
  readonly columns: number | null
}

/**
 * The class of each example; of one-hot (or soft) labels the heaviest class.
 *
 * @throws RangeError where there are not `count` of them, or they are no classes
 */
export async function readLabels(
  option: string,
  given: LabelsLike,
  count: number,
): Promise<Classes> {
  const numbers = await readNumbers(given)
  const dims = numbers?.dims ?? []
  if (dims[0] !== count)
    throw new RangeError(
      `${option}: expected one label for each of the ${count} examples, got ` +
        `${numbers ? `shape [${dims.join(', ')}]` : show(given)}`,
    )
  const classes = numbers && toClasses(numbers)
  if (classes) return classes
  throw new RangeError(
    `${option}: expected classes, whole numbers below 2^24 [n] or one-hot rows [n, classes]; leave the option out ` +
      'where the examples have none',
  )
}

interface Numbers {
  readonly values: Float32Array
  readonly dims: readonly number[]
}

/** The numbers of a tensor or of arrays, or undefined where there are none. */
export async function readNumbers(given: unknown): Promise<Numbers | undefined> {
  if (given instanceof tf.Tensor) {
    return {values: Float32Array.from(await given.data()), dims: given.shape}
  }
  if (!Array.isArray(given) && !ArrayBuffer.isView(given)) return undefined
  const tensor = tensorOf(Array.isArray(given) ? given : Array.from(given as Int32Array))
  try {
    return tensor && (await readNumbers(tensor))
  } finally {
    tensor?.dispose()
  }
}

// TensorFlow.js would not say which option it is
function tensorOf(list: readonly unknown[]): tf.Tensor | undefined {
  try {
    return tf.tensor(list as number[])
  } catch {
    return undefined
  }
}

/**
 * The classes, or undefined where the numbers are no classes, such as the targets of a regression.
 */
export function toClasses({values, dims}: Numbers): Classes | undefined {
  const columns = dims.length === 1 ? 1 : dims[1]!
  if (dims.length > 2) return undefined
  if (columns === 1) {
    // float32 holds no odd number beyond
    const isClass = (value: number) => Number.isInteger(value) && value >= 0 && value < 2 ** 24
    return values.every(isClass) ? {classes: Int32Array.from(values), columns: null} : undefined
  }
  const classes = new Int32Array(dims[0]!)
  for (let row = 0; row < classes.length; row++) {
    const weights = values.subarray(row * columns, (row + 1) * columns)
    const sum = weights.reduce((total, weight) => total + weight, 0)
    if (!weights.every((weight) => weight >= 0) || Math.abs(sum - 1) > 1e-3) return undefined
    classes[row] = indexOfLargest(weights)
  }
  return {classes, columns}
}

/** The first place of the largest number. */
export function indexOfLargest(values: Float32Array): number {
  let best = 0
  for (let index = 1; index < values.length; index++)
    if (values[index]! > values[best]!) best = index
  return best
}
