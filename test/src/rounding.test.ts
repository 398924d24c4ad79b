import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {measureRoundoff, roundingFactor, roundoffOfBackend} from '../../src/rounding.js'
import {backends, useBackend} from '../support/backends.js'
import {keepsTensors} from '../support/tensors.js'

const test = suite('rounding')

for (const backend of backends) {
  test(`${backend} multiplies in float32`, async () => {
    await useBackend(backend)
    assert.is(await keepsTensors(measureRoundoff), 2 ** -24)
  })
}

test('a backend is asked once, and again where it could not answer', async () => {
  await useBackend('cpu')
  const kernel = tf.getKernel('BatchMatMul', tf.getBackend())
  let products = 0
  tf.unregisterKernel('BatchMatMul', tf.getBackend())
  tf.registerKernel({
    ...kernel,
    kernelFunc: (given) => {
      products++
      if (products === 1) throw new Error('out of memory')
      return kernel.kernelFunc(given)
    },
  })
  try {
    const failed = await roundoffOfBackend().catch((error: Error) => error.message)
    assert.is(failed, 'out of memory')
    const [first, second] = [await roundoffOfBackend(), await roundoffOfBackend()]
    assert.equal([first, second, products], [2 ** -24, 2 ** -24, 2])
  } finally {
    tf.unregisterKernel('BatchMatMul', tf.getBackend())
    tf.registerKernel(kernel)
  }
})

test('8 sqrt(n) u', () => {
  assert.is(roundingFactor(16, 2 ** -24), 32 * 2 ** -24)
})

test.run()
