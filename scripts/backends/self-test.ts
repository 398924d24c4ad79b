import * as tf from '@tensorflow/tfjs'
import {BackendUnavailable} from './backend.js'

// Small whole numbers: exact in every format, so that products in TF32 are no failure here.
const input = [
  [1, -2],
  [3, 4],
]
const weights = [
  [2, -1, 0],
  [1, 1, -3],
]
const expected: readonly (readonly [what: string, values: readonly number[]])[] = [
  ['a matrix product', [0, -3, 6, 10, 1, -12]],
  ['a ReLU', [0, 0, 6, 10, 1, 0]],
  ['a gradient', [60, 6, 12, 80, 8, -24]],
  ['1 + 2^-23 in float32', [1 + 2 ** -23]],
  ['2^24 + 1 in float32', [2 ** 24]],
]

/**
 * Proves the active backend by a small computation with known results: a matrix product, a ReLU,
 * its gradient, and that numbers are kept in 32 bits. Leaks no tensor.
 *
 * @throws `BackendUnavailable` that names the computation and both results
 */
export async function selfTest(): Promise<void> {
  const results = tf.tidy(() => {
    const x = tf.tensor2d(input)
    const w = tf.tensor2d(weights)
    const product = tf.matMul(x, w)
    const loss = (matrix: tf.Tensor) => tf.sum(tf.square(tf.relu(tf.matMul(x, matrix))))
    return [
      product,
      tf.relu(product),
      tf.grad(loss)(w),
      tf.add(tf.tensor1d([1]), tf.tensor1d([2 ** -23])),
      tf.add(tf.tensor1d([2 ** 24]), tf.tensor1d([1])),
    ]
  })
  try {
    for (const [index, [what, values]] of expected.entries()) {
      const got = await results[index]!.data()
      if (values.length === got.length && values.every((value, at) => value === got[at])) continue
      throw new BackendUnavailable(
        `its self-test failed: ${what} gave ${Array.from(got).join(', ')} instead of ${values.join(', ')}`,
      )
    }
  } finally {
    tf.dispose(results)
  }
}
