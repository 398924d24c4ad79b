import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {measureRoundoff, roundingFactor} from '../../src/rounding.js'
import {backends, useBackend} from '../support/backends.js'
import {keepsTensors} from '../support/tensors.js'

const test = suite('rounding')

for (const backend of backends) {
  test(`${backend} multiplies in float32`, async () => {
    await useBackend(backend)
    assert.is(await keepsTensors(measureRoundoff), 2 ** -24)
  })
}

test('8 sqrt(n) u', () => {
  assert.is(roundingFactor(16, 2 ** -24), 32 * 2 ** -24)
})

test.run()
