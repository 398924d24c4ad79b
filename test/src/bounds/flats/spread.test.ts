import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {bendsNowhere, spreadOf, weightsOfPoints} from '../../../../src/bounds/flats/spread.js'
import {draws} from '../../../support/draw.js'

const test = suite('weights of the columns of units that bend')

// Three points of four units.
const secants = {
  slope: new Float32Array(12),
  halfWidth: Float32Array.of(0, 0.5, 0, 0.25, 0, 0, 0, 0, 0.5, 0, 0, 1),
  gap: Float32Array.of(0, 2, 0, 1, 0, 0, 0, 0, 3, 0, 0, 4),
}
const radius = Float64Array.of(0.5, 0.5, 0.25)
const moves = Float32Array.of(9, 4, 9, 8, 9, 9, 9, 9, 2, 9, 9, 0)

test('of units whose moves are known: half widths times moves', () => {
  const {starts, units, weights} = spreadOf(secants, undefined, moves, radius)
  assert.equal([...starts], [0, 2, 2, 4])
  assert.equal([...units], [1, 3, 0, 3])
  assert.equal([...weights.subarray(0, 2)], [0.5 * 4, 0.25 * 8])
})

test('where nothing is known of a point: gaps', () => {
  const {weights} = spreadOf(secants, undefined, new Float32Array(12), radius)
  const share = (gap: number) => Math.fround((gap * Math.sqrt(2)) / 0.25)
  assert.equal([...weights.subarray(2)], [share(3), share(4)])
})

test('where only one of a point is not known: either kind may be as long as the move', () => {
  const {weights} = spreadOf(secants, undefined, moves, radius)
  const both = (weight: number) => Math.fround(Math.SQRT2 * weight)
  assert.equal([...weights.subarray(2)], [both(0.5 * 2), both(4 / 0.25)])
})

test('units that cannot bend are not looked at', () => {
  const all = spreadOf(secants, undefined, moves, radius)
  assert.equal(spreadOf(secants, Int32Array.of(1, 2, 3, 8, 11), moves, radius), all)
  const some = spreadOf(secants, Int32Array.of(1, 8), moves, radius)
  assert.equal([...some.starts], [0, 1, 1, 2])
})

test('what is left beside the secants is, over the weights, no longer than the move', () => {
  const random = draws('spread')
  const {units, weights} = spreadOf(secants, undefined, moves, radius)
  for (let trial = 0; trial < 200; trial++) {
    // Changes of the first point's units: over their moves a vector as long as the input's move.
    const direction = random.direction(4)
    const move = random.between(0, 0.5)
    const left = [0, 1].map((k) => {
      const change = moves[units[k]!]! * direction[units[k]!]! * move
      return (secants.halfWidth[units[k]!]! * change) / weights[k]!
    })
    assert.ok(Math.hypot(...left) <= move * (1 + 1e-6))
  }
  // Of the last point's last unit nothing is known but that it is no more than its gap, on the whole ball.
  const left = [
    (secants.halfWidth[8]! * moves[8]! * radius[2]!) / weights[2]!,
    secants.gap[11]! / weights[3]!,
  ]
  assert.ok(Math.abs(Math.hypot(...left) - radius[2]!) <= 1e-6 * radius[2]!)
  const gaps = spreadOf(secants, undefined, new Float32Array(12), radius).weights
  const unknown = [secants.gap[8]! / gaps[2]!, secants.gap[11]! / gaps[3]!]
  assert.ok(Math.abs(Math.hypot(...unknown) - radius[2]!) <= 1e-6 * radius[2]!)
})

test('as whole rows of some points', () => {
  const spread = spreadOf(secants, undefined, moves, radius)
  const found = weightsOfPoints(spread, 4, Int32Array.of(1, 0))
  assert.equal([...found!], [0, 0, 0, 0, 0, 2, 0, 2])
  assert.is(weightsOfPoints(spread, 4, Int32Array.of(1)), undefined)
  assert.ok(bendsNowhere(spread, Int32Array.of(1)))
  assert.not(bendsNowhere(spread, Int32Array.of(1, 2)))
})

test.run()
