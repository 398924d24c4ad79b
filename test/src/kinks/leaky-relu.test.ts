import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {leakyRelu} from '../../../src/kinks/leaky-relu.js'
import {backends, useBackend} from '../../support/backends.js'
import {checkKink, checkNarrowing, checkTangents, type KinkCase} from '../../support/kink-cases.js'
import {near} from '../../support/near.js'

const test = suite('leakyRelu')
const units = 10
const everyUnit = Float64Array.of(-3, -0.5, 0, 0.01, 0.2, 0.9, 1, 1.1, 1.7, 5)

function leaky(slope: number | Float64Array): KinkCase {
  const slopeOf = (unit: number) => (typeof slope === 'number' ? slope : slope[unit]!)
  return {
    units,
    kink: leakyRelu(units, slope),
    thresholds: [0],
    f: (z, unit) => Math.max(z, 0) + slopeOf(unit) * Math.min(z, 0),
  }
}

test.before(() => useBackend('cpu'))

for (const slope of [-2, -0.5, 0, 0.2, 1.7, everyUnit]) {
  const name = typeof slope === 'number' ? `slope ${slope}` : 'a slope for each unit'
  const own = leaky(slope)

  test(`${name}: image, lines and counts`, () => checkKink(own))
  test(`${name}: narrower deviations`, () => checkNarrowing(own))

  test(`${name}: values, slopes and gaps`, () => checkTangents(own))

  test(`${name}: steepest and silent`, () => {
    const slopes = typeof slope === 'number' ? [slope] : [...slope]
    assert.is(own.kink.steepest, Math.max(1, ...slopes.map(Math.abs)))
    assert.is(own.kink.silent, slope === 0)
    assert.is(own.kink.candidates, 1)
  })

  for (const backend of backends) {
    test(`${name}: the activation on ${backend} is the same function`, async () => {
      await useBackend(backend)
      const numbers = Float32Array.from({length: 3 * units}, (_, i) => (i - 14) / 3)
      const input = tf.tensor2d(numbers, [3, units])
      const output = own.kink.activation(input)
      near(
        await output.data(),
        numbers.map((z, i) => own.f(z, i % units)),
        {relative: 1e-6},
      )
      tf.dispose([input, output])
    })
  }
}

test("across the kink: CROWN's lines", () => {
  const forms = {below: Float32Array.of(3, 1), above: Float32Array.of(1, 3)}
  const z = Float32Array.of(0.5, -0.5)
  const [relu, steep] = [leakyRelu(2, 0), leakyRelu(2, 2)].map((kink) =>
    kink.at(z, new Float32Array(2)).lines(forms),
  )
  // [-2.5, 1.5] and [-1.5, 2.5]: the chord above; below, slope 1 where it reaches farther up than down.
  near(relu!.upperSlope, [1.5 / 4, 2.5 / 4])
  near(relu!.lowerSlope, [0, 1])
  // Concave: the chord below.
  near(steep!.lowerSlope, [(1.5 + 5) / 4, (2.5 + 3) / 4])
  near(steep!.upperSlope, [2, 1])
})

test('on and off: where the count goes', () => {
  const z = Float32Array.of(2, -2, 1, -1, 0)
  const forms = {below: Float32Array.of(1, 1, 3, 1, 0), above: Float32Array.of(1, 1, 1, 1, 0)}
  const at = (slope: number) => leakyRelu(5, slope).at(z, new Float32Array(5)).counts(0, forms)
  // The fourth touches its kink from below, the last lies on it and cannot move: both are off.
  assert.equal(at(0), {unstable: 1, active: 1, kinks: 1, doubles: 0, moving: 2})
  assert.equal(at(0.1), {unstable: 1, active: 1, kinks: 1, doubles: 0, moving: 5})
})

test.run()
