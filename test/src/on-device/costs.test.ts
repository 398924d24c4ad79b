import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {assumeCosts, deviceCosts} from '../../../src/on-device/costs.js'
import {backends, useBackend} from '../../support/backends.js'
import {keepsTensors} from '../../support/tensors.js'

/** The active backend as if what is read came from a GPU: so many milliseconds later. Gives back what undoes that. */
function delayReading(milliseconds: number): () => void {
  const on = tf.backend()
  const read = on.read
  on.read = async (id) => {
    await new Promise((done) => setTimeout(done, milliseconds))
    return read.call(on, id)
  }
  return () => {
    on.read = read
  }
}

for (const backend of backends.filter((name) => name !== 'webgpu' && name !== 'tfjs-node-gpu')) {
  const test = suite(`costs of ${backend}`)
  test.before(() => useBackend(backend))
  test.after.each(() => assumeCosts(undefined))

  test('on the CPU reading is no round trip', async () => {
    const {wait, operation} = await keepsTensors(deviceCosts)
    assert.is(wait, 0)
    assert.ok(operation > 0)
  })

  test('they are measured once', async () => {
    const found = await deviceCosts()
    assert.is(await deviceCosts(), found)
  })

  // A product takes plain JavaScript a second.
  const inTime = backend === 'cpu' ? test.skip : test
  inTime('a round trip is what reading takes longer', async () => {
    const undo = delayReading(20)
    try {
      const {wait, operation, multiplyAdd} = await keepsTensors(deviceCosts)
      // Timers may fire a little early.
      assert.ok(wait > 19 && wait < 100, `${wait} ms`)
      assert.ok(operation < wait, `${operation} ms`)
      assert.ok(multiplyAdd > 0 && multiplyAdd < 1e-4, `${multiplyAdd} ms`)
    } finally {
      undo()
    }
  })

  test.run()
}
