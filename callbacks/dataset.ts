import * as tf from '@tensorflow/tfjs'
import type {PointsLike} from '../src/points.js'
import {type Classes, readNumbers, toClasses} from './labels.js'
import {makePoints, type Points, readPoints} from './points.js'
import {disposeReadAhead} from './read-ahead.js'

/** What is used of a `tf.data.Dataset`. */
export interface DatasetLike {
  iterator(): Promise<{next(): Promise<{value: unknown; done?: boolean | undefined}>}>
}

/** Examples of a dataset, and their classes where they come with it. */
export interface ReadExamples {
  readonly points: Points
  readonly labels: Classes | null
}

/**
 * Reads the first `keep` examples of a dataset, and the classes that come with them.
 *
 * An element is an example or a batch of them, told apart by its shape, and may be `{xs, ys}`.
 * Whatever tensors the dataset hands out are disposed, as `fitDataset` does, and so is what its
 * `shuffle` and `prefetch` have read ahead when `keep` is reached.
 *
 * @throws RangeError naming the option where an element has another shape, or there is none
 */
export async function readDataset(
  option: string,
  dataset: DatasetLike,
  shape: readonly number[],
  keep: number,
): Promise<ReadExamples> {
  const iterator = await dataset.iterator()
  const parts: Float32Array[] = []
  const classes: (Int32Array | undefined)[] = []
  let columns: number | null = null
  let count = 0
  try {
    while (count < keep) {
      const {value, done} = await iterator.next()
      if (value !== null && value !== undefined) {
        try {
          const batch = await readElement(option, value, shape)
          const taken = Math.min(batch.points.count, keep - count)
          parts.push(batch.points.values.subarray(0, taken * batch.points.features))
          classes.push(batch.labels?.classes.subarray(0, taken))
          columns = batch.labels?.columns ?? null
          count += taken
        } finally {
          tf.dispose(value as tf.TensorContainer)
        }
      }
      if (done) break
    }
  } finally {
    await disposeReadAhead(iterator)
  }
  if (!count) throw new RangeError(`${option}: expected a dataset with examples, got an empty one`)
  const points = makePoints(join(parts, Float32Array), shape)
  const known = classes.filter((part) => part !== undefined)
  if (known.length < parts.length) return {points, labels: null}
  return {points, labels: {classes: join(known, Int32Array), columns}}
}

async function readElement(option: string, element: unknown, shape: readonly number[]) {
  const pair = element as {xs?: unknown; ys?: unknown}
  const isPair = !(element instanceof tf.Tensor) && pair.xs !== undefined
  const xs = isPair ? pair.xs : element
  const isExample = rank(xs) === shape.length
  const points = await readExamples(option, xs, shape, isExample)
  const ys = isPair ? await readClasses(pair.ys, isExample) : undefined
  return {points, labels: ys?.classes.length === points.count ? ys : undefined}
}

function rank(value: unknown): number {
  if (value instanceof tf.Tensor) return value.rank
  if (ArrayBuffer.isView(value)) return 1
  return Array.isArray(value) ? 1 + rank(value[0]) : 0
}

async function readExamples(
  option: string,
  xs: unknown,
  shape: readonly number[],
  isExample: boolean,
): Promise<Points> {
  if (!isExample) return readPoints(option, xs as PointsLike, shape)
  if (!(xs instanceof tf.Tensor)) return readPoints(option, [xs as number[]], shape)
  const batch = xs.expandDims(0)
  try {
    return await readPoints(option, batch, shape)
  } finally {
    batch.dispose()
  }
}

// the targets of a regression are no classes; nobody called them labels, so that is no error
async function readClasses(ys: unknown, isExample: boolean): Promise<Classes | undefined> {
  const numbers = await readNumbers(typeof ys === 'number' ? [ys] : ys)
  if (!numbers) return undefined
  return toClasses(isExample ? {...numbers, dims: [1, numbers.values.length]} : numbers)
}

function join<T extends Float32Array | Int32Array>(
  parts: readonly T[],
  type: new (length: number) => T,
): T {
  const joined = new type(parts.reduce((total, part) => total + part.length, 0))
  let start = 0
  for (const part of parts) {
    joined.set(part, start)
    start += part.length
  }
  return joined
}
