import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {clipped} from '../../../src/kinks/clipped.js'
import {errorsPast, errorsPast64, mayPass} from '../../../src/kinks/errors.js'
import type {Kink} from '../../../src/kinks/kink.js'
import {leakyRelu} from '../../../src/kinks/leaky-relu.js'
import {maximum} from '../../../src/kinks/maximum.js'
import {backends, useBackend} from '../../support/backends.js'
import {draws} from '../../support/draw.js'
import {withProgram} from '../../support/run-forward.js'
import {keepsTensors} from '../../support/tensors.js'

const units = 8
const kinks: Record<string, Kink> = {
  relu: leakyRelu(units, 0),
  'leaky, 0.3': leakyRelu(units, 0.3),
  'leaky, -0.5': leakyRelu(units, -0.5),
  'prelu, some slopes below 0': leakyRelu(
    units,
    Float64Array.from({length: units}, (_, unit) => unit / 4 - 1),
  ),
  relu6: clipped(units, {low: 0, high: 6, slope: 1, offset: 0}),
  'hard sigmoid': clipped(units, {low: -2.5, high: 2.5, slope: 0.2, offset: 0.5}),
  'maximum of 3, some of them not there': maximum(
    units,
    3,
    Uint8Array.from({length: 3 * units}, (_, at) => (at < units || at % 5 > 0 ? 1 : 0)),
  ),
}

for (const backend of backends) {
  const test = suite(`errors past kinks on ${backend}`)
  test.before(() => useBackend(backend))

  for (const [name, kink] of Object.entries(kinks)) {
    test(`${name}: no output is further off, in float32 or float64`, async () => {
      const random = draws(name)
      const points = 60
      const size = points * kink.candidates * units
      // Around the kinks, whose places are known to 1e-3, and far from them.
      const z = Float32Array.from({length: size}, () => {
        const near = random.pick([0, 6, 2.5, -2.5, 100])
        return near + random.normal() * random.pick([1e-3, 3])
      })
      const error = Float32Array.from(
        z,
        (value) => (1e-4 + 1e-5 * Math.abs(value)) * random.between(0, 1),
      )
      const found = await keepsTensors(async () => {
        const tensor = tf.tidy(() => {
          const shape = [points, kink.candidates * units] as [number, number]
          return errorsPast(kink, tf.tensor2d(z, shape), tf.tensor2d(error, shape))!
        })
        const values = await tensor.data()
        tensor.dispose()
        return values
      })
      const found64 = errorsPast64(kink, Float64Array.from(z), error)
      const center = kink.value64(Float64Array.from(z))
      assert.is(found.length, center.length)
      for (let trial = 0; trial < 40; trial++) {
        const moved = Float64Array.from(z, (value, at) => {
          return value + error[at]! * random.pick([-1, 1, random.between(-1, 1)])
        })
        kink.value64(moved).forEach((value, at) => {
          const off = Math.abs(value - center[at]!)
          // The difference of two float32 numbers is known to their rounding.
          assert.ok(off <= found[at]! + 2 ** -23 * Math.abs(center[at]!), `${at}: ${off}`)
          assert.ok(off <= found64[at]! * (1 + 1e-9) + 1e-15, `${at}: ${off} in float64`)
        })
      }
      // No more than twice what the steepest piece makes of the largest error.
      const most = kink.steepest * error.reduce((a, b) => Math.max(a, b)) + 1e-4
      assert.ok(found.every((value) => value <= 2 * most))
    })
  }

  test('what is flat passes no error on, and what is exact has none', async () => {
    const z = tf.tensor2d([[-1, -1e-6, 0, 3]])
    const error = tf.tensor2d([[1e-5, 1e-5, 1e-5, 1e-5]])
    const found = errorsPast(leakyRelu(4, 0), z, error)!
    const [off, near, on, far] = await found.data()
    assert.is(off, 0)
    assert.ok(near! > 0 && on! > 0 && far! > 0)
    assert.is(errorsPast(leakyRelu(4, 0), z, undefined), undefined)
    // 0.3 z is rounded, whatever z is.
    const own = errorsPast(leakyRelu(4, 0.3), z, undefined)!
    assert.ok((await own.data())[0]! >= 0.3 * 2 ** -24)
    const clip = (high: number) => clipped(4, {low: 0, high, slope: 1, offset: 0})
    // float32 has 6, and no 0.1.
    assert.equal([clip(6).exact, clip(0.1).exact], [true, false])
    tf.dispose([z, error, found, own])
  })

  test.run()
}

const test = suite('kinks that read kinks')
test.before(() => useBackend(backends[0]!))

test('a ReLU of what is never below 0 is never passed; other kinks are', async () => {
  const {layers} = tf
  const model = tf.sequential({
    layers: [
      layers.dense({units: 4, inputShape: [3], activation: 'relu'}),
      layers.reLU(),
      layers.reLU({maxValue: 6}),
      layers.reLU(),
      layers.reshape({targetShape: [4, 1]}),
      layers.maxPooling1d({poolSize: 2, strides: 2}),
      layers.reLU(),
      layers.flatten(),
      layers.dense({units: 1}),
    ],
  })
  await withProgram(model, (program) => {
    const passed = program.kinks.map((item) => mayPass(program, item))
    assert.equal(passed, [true, false, true, false, true, true])
  })
  model.dispose()
})

test.run()
