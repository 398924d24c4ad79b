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
// Large enough that a GPU divides it among many groups: some leave those beyond a limit at zero.
const wide = {rows: 300, inner: 200, columns: 150}
const whole = (index: number) => ((index * 7) % 11) - 5

function wideProduct(): number[] {
  const {rows, inner, columns} = wide
  return Array.from({length: rows * columns}, (_, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns]
    let sum = 0
    for (let k = 0; k < inner; k++) sum += whole(row * inner + k) * whole(k * columns + column)
    return sum
  })
}

const expected: readonly (readonly [what: string, values: readonly number[]])[] = [
  ['a matrix product', [0, -3, 6, 10, 1, -12]],
  ['a ReLU', [0, 0, 6, 10, 1, 0]],
  ['a gradient', [60, 6, 12, 80, 8, -24]],
  ['1 + 2^-23 in float32', [1 + 2 ** -23]],
  ['2^24 + 1 in float32', [2 ** 24]],
  ['a large matrix product', wideProduct()],
]

/**
 * Proves the active backend by small computations with known results: a matrix product, a ReLU, its
 * gradient, that numbers are kept in 32 bits, and a product large enough to be divided. Leaks no
 * tensor.
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
      tf.matMul(wholeMatrix(wide.rows, wide.inner), wholeMatrix(wide.inner, wide.columns)),
    ]
  })
  try {
    for (const [index, [what, values]] of expected.entries()) {
      const got = await results[index]!.data()
      const wrong = values.findIndex((value, at) => value !== got[at])
      if (values.length === got.length && wrong < 0) continue
      const few = (all: ArrayLike<number>) =>
        values.length < 10 ? Array.from(all).join(', ') : `${all[wrong]} at ${wrong}`
      throw new BackendUnavailable(
        `its self-test failed: ${what} gave ${few(got)} instead of ${few(values)}`,
      )
    }
  } finally {
    tf.dispose(results)
  }
}

const wholeMatrix = (rows: number, columns: number) =>
  tf.tensor2d(
    Float32Array.from({length: rows * columns}, (_, index) => whole(index)),
    [rows, columns],
  )
