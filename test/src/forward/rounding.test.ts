import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {
  measureRoundoff,
  roundedDown,
  roundedUp,
  roundingFactor,
  roundoffOfBackend,
} from '../../../src/forward/rounding.js'
import {backends, useBackend} from '../../support/backends.js'
import {draws} from '../../support/draw.js'
import {keepsTensors} from '../../support/tensors.js'

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

test('numbers are rounded to the float32 on the side that is asked for', () => {
  const random = draws('one side')
  for (let trial = 0; trial < 2000; trial++) {
    const value = random.normal() * 10 ** random.between(-44, 30)
    const [down, up] = [roundedDown(value), roundedUp(value)]
    assert.ok(down <= value && value <= up)
    // Neighbours, or the same.
    assert.ok(up === down || Math.fround((up + down) / 2 + (up - down) / 4) === up)
    assert.equal([Math.fround(down), Math.fround(up)], [down, up])
    const kept = Math.fround(value)
    assert.equal([roundedDown(kept), roundedUp(kept)], [kept, kept])
  }
  const infinite = Number.POSITIVE_INFINITY
  assert.equal(
    [roundedDown(-infinite), roundedUp(infinite), roundedDown(0)],
    [-infinite, infinite, 0],
  )
})

test('8 sqrt(n) u', () => {
  assert.is(roundingFactor(16, 2 ** -24), 32 * 2 ** -24)
})

test.run()
