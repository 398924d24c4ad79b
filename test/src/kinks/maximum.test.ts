import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {maximum} from '../../../src/kinks/maximum.js'
import {backends, useBackend} from '../../support/backends.js'
import {type Draw, draws} from '../../support/draw.js'
import {near} from '../../support/near.js'

const test = suite('maximum')
test.before(() => useBackend('cpu'))

interface Case {
  readonly units: number
  readonly candidates: number
  readonly valid: Uint8Array
  /** Numbers of one point, and how far each can move. */
  readonly z: Float32Array
  readonly below: Float32Array
  readonly above: Float32Array
}

/** A point of a few windows; some candidates do not exist, some are equal. */
function randomCase(random: Draw): Case {
  const [units, candidates] = [random.whole(1, 4), random.whole(1, 4)]
  const size = units * candidates
  const valid = Uint8Array.from({length: size}, (_, at) =>
    at < units || random.pick([true, true, false]) ? 1 : 0,
  )
  const width = random.pick([0.01, 0.5, 3])
  const moves = () => Float32Array.from({length: size}, () => random.between(0, width))
  const z = Float32Array.from(random.normals(size))
  if (random.pick([true, false]) && size > units) z[units] = z[0]!
  return {units, candidates, valid, z, below: moves(), above: moves()}
}

/** The candidates of a unit that exist. */
const rivals = ({units, valid}: Case, unit: number) =>
  Array.from(valid.keys()).filter((at) => at % units === unit && valid[at])

const largest = (own: Case, numbers: ArrayLike<number>, unit: number) =>
  Math.max(...rivals(own, unit).map((at) => numbers[at]!))

test('image, lines and counts hold for sampled numbers', () => {
  for (let seed = 1; seed <= 300; seed++) {
    const random = draws(seed)
    const own = randomCase(random)
    const {units, candidates, valid, z, below, above} = own
    const at = maximum(units, candidates, valid).at(z, new Float32Array(z.length))
    const forms = at.formDeviations({below, above})
    const image = at.image({below, above}, forms)
    const lines = at.lines(forms)
    const bounds = at.bounds(forms)
    const winners = new Set<string>()
    const room = 1e-5
    const winner = (numbers: ArrayLike<number>, unit: number) =>
      rivals(own, unit).reduce((a, b) => (numbers[b]! > numbers[a]! ? b : a))

    for (let sample = 0; sample < 60; sample++) {
      const moved = Float64Array.from(z, (zi, i) => {
        const share = random.pick([-1, 1, random.between(-1, 1)])
        return zi + (share < 0 ? share * below[i]! : share * above[i]!)
      })
      winners.add(Array.from({length: units}, (_, unit) => winner(moved, unit)).join())
      for (let unit = 0; unit < units; unit++) {
        const label = `seed ${seed}, unit ${unit}`
        const [before, after] = [largest(own, z, unit), largest(own, moved, unit)]
        assert.ok(after >= before - image.below[unit]! - room, `${label}: below the image`)
        assert.ok(after <= before + image.above[unit]! + room, `${label}: above the image`)
        const along = (slopes: Float32Array) =>
          rivals(own, unit).reduce((sum, i) => sum + slopes[i]! * (moved[i]! - z[i]!), before)
        const under = along(lines.lowerSlope) - lines.lowerGap[unit]!
        const over = along(lines.upperSlope) + lines.upperGap[unit]!
        assert.ok(under <= after + room, `${label}: lower line ${under}, maximum ${after}`)
        assert.ok(over >= after - room, `${label}: upper line ${over}, maximum ${after}`)
        const first = winner(z, unit)
        const margins = rivals(own, unit)
          .filter((i) => i !== first)
          .map((i) => moved[first]! - moved[i]!)
        const margin = Math.min(...margins)
        assert.ok(margin >= bounds.lower[unit]! - room, `${label}: margin ${margin}`)
        assert.ok(margin <= bounds.upper[unit]! + room, `${label}: margin ${margin}`)
      }
    }
    const counts = at.counts(0, forms)
    if (winners.size > 1) assert.ok(counts.unstable > 0, `seed ${seed}: ${winners.size} winners`)
    assert.ok(winners.size <= 2 ** counts.kinks, `seed ${seed}: ${winners.size} of ${counts.kinks}`)
    assert.is(counts.unstable + counts.active, units)
    assert.is(counts.moving, units)
  }
})

test('the winner less each rival is what decides', () => {
  const at = maximum(1, 3, Uint8Array.of(1, 1, 1)).at(Float32Array.of(2, 5, 4), new Float32Array(3))
  assert.equal([...at.center], [3, Infinity, 1])
  assert.equal([...at.gap], [3, Infinity, 1])
  assert.equal([at.first(0), at.second(0), at.first(2), at.second(2)], [1, 0, 1, 2])
  assert.is(at.gap64(5, 4), 1)
})

test('a candidate that does not exist never wins', () => {
  const kink = maximum(2, 2, Uint8Array.of(1, 1, 0, 1))
  assert.equal([...kink.value64(Float64Array.of(-5, 1, 9, 7))], [-5, 7])
  const at = kink.at(Float32Array.of(-5, 1, 0, 7), new Float32Array(4))
  assert.is(at.center[2], Infinity)
})

test('three that can win: any two may tie', () => {
  const at = maximum(1, 4, Uint8Array.of(1, 1, 1, 1)).at(
    Float32Array.of(1, 1.1, 0.9, -9),
    new Float32Array(4),
  )
  const half = new Float32Array(4).fill(0.5)
  const counts = at.counts(0, at.formDeviations({below: half, above: half}))
  assert.equal(counts, {unstable: 1, active: 0, kinks: 3, doubles: 0, moving: 1})
})

for (const backend of backends) {
  test(`the activation on ${backend}`, async () => {
    await useBackend(backend)
    for (let seed = 1; seed <= 20; seed++) {
      const own = randomCase(draws(seed))
      const kink = maximum(own.units, own.candidates, own.valid)
      const input = tf.tensor2d(own.z, [1, own.z.length])
      const output = kink.activation(input)
      const expected = Array.from({length: own.units}, (_, unit) => largest(own, own.z, unit))
      near(await output.data(), expected, {label: `seed ${seed}`})
      near(kink.value64(Float64Array.from(own.z)), expected)
      tf.dispose([input, output])
    }
  })
}

test.run()
