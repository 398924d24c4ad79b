import * as tf from '@tensorflow/tfjs'
import {hasMethod} from './check.js'

/** What is used of an iterator of tf.data: where it reads from, and what it has read ahead. */
interface Reading {
  readonly upstream?: unknown
  readonly iterator?: unknown
  readonly iterators?: unknown
  readonly buffer?: {isEmpty(): boolean; shift(): Promise<{value: unknown}>}
}

/**
 * Disposes what an iterator of tf.data that is read no further has read ahead: `shuffle` and
 * `prefetch` keep a buffer of elements, and tf.data has no way of closing them.
 *
 * It waits for as many elements as the buffers hold, all of which have been asked for already, and
 * reads none besides. Of an iterator that is not made as those of tf.data are nothing is known.
 *
 * ```ts
 * const iterator = await dataset.iterator()
 * const {value} = await iterator.next()
 * await disposeReadAhead(iterator)
 * ```
 */
export async function disposeReadAhead(iterator: unknown): Promise<void> {
  if (!hasMethod(iterator, 'next')) return
  const {buffer, upstream, iterator: current, iterators} = iterator as Reading
  // what it waits for is read from those before it: they come later
  while (hasMethod(buffer, 'isEmpty') && !buffer!.isEmpty()) {
    const element = await Promise.resolve(buffer!.shift()).catch(() => undefined)
    tf.dispose((element?.value ?? null) as tf.TensorContainer)
  }
  await disposeReadAhead(upstream)
  await disposeReadAhead(current)
  const zipped = iterators !== null && typeof iterators === 'object' ? iterators : {}
  for (const one of Object.values(zipped)) await disposeReadAhead(one)
}
