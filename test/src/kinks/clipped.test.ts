import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {type Clip, clipped} from '../../../src/kinks/clipped.js'
import {backends, useBackend} from '../../support/backends.js'
import {checkKink, checkNarrowing, checkTangents, type KinkCase} from '../../support/kink-cases.js'
import {near} from '../../support/near.js'

const test = suite('clipped')
const units = 8
test.before(() => useBackend('cpu'))

function asCase({low, high, slope, offset}: Clip): KinkCase {
  return {
    units,
    kink: clipped(units, {low, high, slope, offset}),
    thresholds: [low, high],
    f: (z) => slope * Math.min(Math.max(z, low), high) + offset,
  }
}

for (const [name, clip] of [
  ['relu6', {low: 0, high: 6, slope: 1, offset: 0}],
  ['a low maximum', {low: 0, high: 0.01, slope: 1, offset: 0}],
  ['hard sigmoid', {low: -2.5, high: 2.5, slope: 0.2, offset: 0.5}],
] as [string, Clip][]) {
  const own = asCase(clip)

  test(`${name}: image, lines and counts`, () => checkKink(own))
  test(`${name}: narrower deviations`, () => checkNarrowing(own))

  test(`${name}: values, slopes and gaps`, () => checkTangents(own))

  for (const backend of backends) {
    test(`${name}: the activation on ${backend} is the same function`, async () => {
      await useBackend(backend)
      const numbers = Float32Array.from({length: 3 * units}, (_, i) => (i - 8) / 1.5)
      const input = tf.tensor2d(numbers, [3, units])
      const output = own.kink.activation(input)
      near(
        await output.data(),
        numbers.map((z) => own.f(z, 0)),
        {relative: 1e-6, scale: 1},
      )
      tf.dispose([input, output])
    })
  }
}

test('tf means the same by relu6 and hardSigmoid', async () => {
  const z = tf.linspace(-8, 8, 65)
  const numbers = await z.data()
  const relu6 = tf.relu6(z)
  near(
    await relu6.data(),
    numbers.map((x) => asCase({low: 0, high: 6, slope: 1, offset: 0}).f(x, 0)),
  )
  const layer = tf.layers.activation({activation: 'hardSigmoid'})
  const hard = layer.apply(z.expandDims(0)) as tf.Tensor
  const own = asCase({low: -2.5, high: 2.5, slope: 0.2, offset: 0.5})
  near(
    await hard.data(),
    numbers.map((x) => own.f(x, 0)),
    {relative: 1e-6, scale: 1},
  )
})

test('a flat unit is neither active nor moving', () => {
  const {kink} = asCase({low: 0, high: 6, slope: 1, offset: 0})
  const z = Float32Array.of(-1, 3, 7, 0, 6, 3, 3, 3)
  const one = new Float32Array(8).fill(0.5)
  one[5] = 4
  const counts = kink.at(z, new Float32Array(8)).counts(0, {below: one, above: one})
  // -1 and 7 lie flat, 3 rises three times, 0 and 6 are cut once, and 3 -/+ 4 twice.
  assert.equal(counts, {unstable: 3, active: 3, kinks: 2, doubles: 1, moving: 6})
})

test.run()
