import * as tf from '@tensorflow/tfjs'
import * as assert from 'uvu/assert'

/** Runs `work` and asserts that as many tensors are left as there were before. */
export async function keepsTensors<T>(work: () => T | Promise<T>): Promise<T> {
  const before = tf.memory().numTensors
  const result = await work()
  assert.is(tf.memory().numTensors, before, 'tensors left behind')
  return result
}
