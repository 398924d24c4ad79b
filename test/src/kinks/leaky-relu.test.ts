import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {leakyRelu} from '../../../src/kinks/leaky-relu.js'
import {backends, useBackend} from '../../support/backends.js'
import {draws} from '../../support/draw.js'
import {near} from '../../support/near.js'

const test = suite('leakyRelu')
const slopes = [-2, -0.5, 0, 0.2, 1.7]
/** What rounding to float32 may do to a number. */
const ulp = 2 ** -23

test.before(() => useBackend('cpu'))

/** Intervals [z - below, z + above] on both sides of the kink, across it, touching it, and tiny ones. */
function intervals(count: number) {
  const random = draws('intervals')
  const z = new Float32Array(count)
  const below = new Float32Array(count)
  const above = new Float32Array(count)
  for (let i = 0; i < count; i++) {
    const size = 10 ** random.between(-6, 3)
    z[i] = random.normal() * size
    const width = random.pick([0, 1e-6, 0.1, 1, 5, 100])
    below[i] = Math.abs(random.normal()) * width * size
    above[i] = Math.abs(random.normal()) * width * size
    if (i % 10 === 0) below[i] = Math.abs(z[i]!)
    if (i % 10 === 1) above[i] = Math.abs(z[i]!)
    if (i % 10 === 2) z[i] = 0
  }
  return {z, below, above}
}

for (const slope of slopes) {
  const kink = leakyRelu(slope)
  const f = (z: number) => Math.max(z, 0) + slope * Math.min(z, 0)
  const {z, below, above} = intervals(400)
  /** Dense samples of each interval, its ends and the kink among them. */
  const samples = Array.from(z, (center, i) => {
    const [low, high] = [center - below[i]!, center + above[i]!]
    const even = Array.from({length: 101}, (_, k) => low + ((high - low) * k) / 100)
    return low < 0 && high > 0 ? [...even, 0] : even
  })
  const sizeOf = (i: number) => Math.abs(z[i]!) + below[i]! + above[i]!

  test(`slope ${slope}: value and slopes`, () => {
    for (const at of [-3, -1e-30, 0, 1e-30, 2]) assert.is(kink.value(at), f(at) || 0)
    assert.equal(
      [...kink.slopes(Float32Array.of(-1, -1e-30, 1e-30, 5))],
      [...Float32Array.of(slope, slope, 1, 1)],
    )
    assert.is(kink.silent, slope === 0)
    assert.is(kink.steepest, Math.max(1, Math.abs(slope)))
    assert.is(kink.kinks, 1)
  })

  test(`slope ${slope}: the image holds every sample, and each of its ends is reached`, () => {
    const image = kink.image(z, {below, above})
    samples.forEach((inside, i) => {
      const moves = inside.map((at) => f(at) - f(z[i]!))
      const [least, most] = [Math.min(...moves), Math.max(...moves)]
      const slack = 4 * ulp * Math.max(1, Math.abs(slope)) * sizeOf(i)
      assert.ok(-image.below[i]! <= least + slack, `[${i}]: ${-image.below[i]!} above ${least}`)
      assert.ok(image.above[i]! >= most - slack, `[${i}]: ${image.above[i]} below ${most}`)
      near([image.below[i]!, image.above[i]!], [-least, most], {
        relative: 1e-5,
        scale: sizeOf(i),
        label: `[${i}]`,
      })
    })
  })

  test(`slope ${slope}: the lines bound the function on the interval`, () => {
    const lines = kink.lines(z, {below, above})
    samples.forEach((inside, i) => {
      const center = f(z[i]!)
      const slack = 4 * ulp * Math.max(1, Math.abs(slope)) * sizeOf(i)
      for (const at of inside) {
        const lower = center - lines.lowerGap[i]! + lines.lowerSlope[i]! * (at - z[i]!)
        const upper = center + lines.upperGap[i]! + lines.upperSlope[i]! * (at - z[i]!)
        assert.ok(lower <= f(at) + slack, `[${i}] at ${at}: lower line ${lower}, f ${f(at)}`)
        assert.ok(upper >= f(at) - slack, `[${i}] at ${at}: upper line ${upper}, f ${f(at)}`)
      }
    })
  })

  test(`slope ${slope}: the lines touch the function, and are CROWN's`, () => {
    const lines = kink.lines(z, {below, above})
    let across = 0
    samples.forEach((inside, i) => {
      const [low, high] = [z[i]! - below[i]!, z[i]! + above[i]!]
      if (!(low < 0 && high > 0)) return
      across++
      const chord = (f(high) - f(low)) / (high - low)
      const tangent = high > -low ? 1 : slope
      const [lower, upper] = slope <= 1 ? [tangent, chord] : [chord, tangent]
      near([lines.lowerSlope[i]!, lines.upperSlope[i]!], [lower, upper], {
        relative: 1e-5,
        scale: 0.1,
        label: `[${i}] slopes`,
      })
      const center = f(z[i]!)
      const gap = (side: 1 | -1, line: number) =>
        Math.max(...inside.map((at) => side * (f(at) - center - line * (at - z[i]!))))
      near(
        [lines.lowerGap[i]!, lines.upperGap[i]!],
        [gap(-1, lines.lowerSlope[i]!), gap(1, lines.upperSlope[i]!)],
        {relative: 1e-5, scale: sizeOf(i), label: `[${i}] gaps`},
      )
      assert.ok(lines.lowerGap[i]! >= 0 && lines.upperGap[i]! >= 0, `[${i}]: a gap below 0`)
    })
    assert.ok(across > 50, `only ${across} intervals across the kink`)
    assert.ok(lines.bent)
  })

  test(`slope ${slope}: a stable unit has its own piece for both lines, without gaps`, () => {
    const stable = {
      z: Float32Array.of(2, -3, 1, -1, 0.5),
      below: Float32Array.of(1, 5, 1, 7, 0.5),
      above: Float32Array.of(9, 1, 0, 1, 0),
    }
    const lines = kink.lines(stable.z, stable)
    const expected = Float32Array.of(1, slope, 1, slope, 1)
    assert.equal(lines.lowerSlope, expected)
    assert.equal(lines.upperSlope, expected)
    assert.equal([...lines.lowerGap, ...lines.upperGap], Array(10).fill(0))
    assert.not(lines.bent)
  })

  for (const backend of backends) {
    test(`slope ${slope}: the activation on ${backend} is the same function`, async () => {
      await useBackend(backend)
      const input = tf.tensor2d(Array.from(z), [20, 20])
      const output = kink.activation(input)
      near(await output.data(), Array.from(z, kink.value), {relative: 1e-6})
      tf.dispose([input, output])
    })
  }
}

test.run()
