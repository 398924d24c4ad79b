import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {imageOf, linesAcross, movingOnes, openOnes} from '../../../src/on-device/lines.js'
import {backends, useBackend} from '../../support/backends.js'
import {draws} from '../../support/draw.js'
import {keepsTensors} from '../../support/tensors.js'

/** A leaky ReLU on intervals around numbers. */
interface Case {
  readonly z: number
  readonly leak: number
  readonly below: number
  readonly above: number
}

/** Numbers on either side of the kink, with ends from far beyond it to just short of it. */
function drawCases(count: number, leaks: readonly number[]): Case[] {
  const random = draws('lines')
  const ends = [0, 1e-7, 0.01, 0.5, 0.999999, 1, 1.000001, 1.5, 3, 1e5]
  return Array.from({length: count}, (_, k) => {
    const scale = 10 ** random.between(-6, 6)
    const size = k % 50 === 0 ? 0 : scale * random.between(0.1, 1)
    const reach = () => Math.fround((size || scale) * random.pick(ends))
    const z = Math.fround(random.pick([-1, 1]) * size)
    return {z, leak: Math.fround(random.pick(leaks)), below: reach(), above: reach()}
  })
}

const value = ({leak}: Case, x: number) => (x > 0 ? x : leak * x)

/** What tensors say of every case, by name. */
async function ask(cases: readonly Case[]) {
  const row = (read: (own: Case) => number) => tf.tensor2d([cases.map(read)])
  const leaky = cases.some(({leak}) => leak > 0)
  const found = tf.tidy(() => {
    const z = row((own) => own.z)
    const sides = {below: row((own) => own.below), above: row((own) => own.above)}
    const f = {z, leak: leaky ? row((own) => own.leak) : undefined}
    const {below: fall, above: rise} = imageOf(f, sides)
    const [open, moving] = [openOnes(z, sides), movingOnes(z, sides)]
    return {...linesAcross(f, sides), fall, rise, open, moving}
  })
  const read = Object.entries(found).map(async ([name, tensor]) => {
    const values = await tensor.data()
    tensor.dispose()
    return [name, values] as const
  })
  return Object.fromEntries(await Promise.all(read)) as Record<keyof typeof found, Float32Array>
}

for (const backend of backends) {
  const test = suite(`lines on the device on ${backend}`)
  test.before(() => useBackend(backend))

  for (const leaks of [[0], [0, 0.01, 0.3, 0.5, 0.999, 1]]) {
    const cases = drawCases(3000, leaks)

    test(`slopes ${leaks}: the function lies between its lines, and touches them`, async () => {
      const found = await keepsTensors(() => ask(cases))
      cases.forEach((own, at) => {
        const {z, below, above} = own
        const label = JSON.stringify(own)
        const [lower, upper] = [found.lowerSlope[at]!, found.upperSlope[at]!]
        const ends = [-below, above, -z].filter((step) => step >= -below && step <= above)
        const over = (step: number) => upper * step + found.upperGap[at]!
        const under = (step: number) => lower * step - found.lowerGap[at]!
        const change = (step: number) => value(own, z + step) - value(own, z)
        // A slope that is not 0 or 1 is rounded to float32 itself, and so is a gap.
        const open = below > z && above > -z
        const rounded = (open ? 2 ** -23 : 2 ** -22) * (below + above)
        for (const step of ends) {
          assert.ok(change(step) <= over(step) + (open ? 0 : rounded), `${label}: above at ${step}`)
          assert.ok(change(step) >= under(step) - rounded, `${label}: below at ${step}`)
        }
        const near = 2 ** -18 * (below + above)
        assert.ok(Math.min(...ends.map((step) => over(step) - change(step))) <= near, label)
        assert.ok(Math.min(...ends.map((step) => change(step) - under(step))) <= near, label)
        const nearestUnder = Math.min(...[own.leak, 1].map((s) => value(own, z) - s * z))
        if (open) assert.ok(found.lowerGap[at]! >= nearestUnder - near, label)
      })
    })

    test(`slopes ${leaks}: how far outputs go, what is open, and what moves`, async () => {
      const found = await ask(cases)
      cases.forEach((own, at) => {
        const {z, below, above, leak} = own
        const label = JSON.stringify(own)
        const room = 2 ** -21 * (Math.abs(z) + below + above)
        const fall = value(own, z) - value(own, z - below)
        const rise = value(own, z + above) - value(own, z)
        assert.ok(
          Math.abs(found.fall[at]! - fall) <= room,
          `${label}: ${found.fall[at]} of ${fall}`,
        )
        assert.ok(
          Math.abs(found.rise[at]! - rise) <= room,
          `${label}: ${found.rise[at]} of ${rise}`,
        )
        assert.is(found.open[at], below > z && above > -z ? 1 : 0, label)
        if (leak === 0) assert.is(found.moving[at], z + above > 0 ? 1 : 0, label)
      })
    })
  }

  test.run()
}
