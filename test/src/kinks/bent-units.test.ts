import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {bentUnits} from '../../../src/kinks/bent-units.js'
import type {Lines} from '../../../src/kinks/kink.js'
import {leakyRelu} from '../../../src/kinks/leaky-relu.js'

const test = suite('bentUnits')

const units = 4
const gaps = () => new Float32Array(3 * units)
const lines: Lines = {
  lowerSlope: Float32Array.of(0, 1, 0, 1, 0, 0, 1, 1, 1, 0, 0, 1),
  upperSlope: Float32Array.of(0, 1, 0.25, 1, 0, 0, 1, 1, 0.5, 0, 0, 0.75),
  lowerGap: gaps(),
  upperGap: Float32Array.of(0, 0, 2, 0, 0, 0, 0, 0, 3, 0, 0, 4),
  bent: true,
}

test('those with two lines, point after point', () => {
  const bent = bentUnits(lines, units)
  // One at the first point, none at the second, two at the third.
  assert.equal([...bent.starts], [0, 1, 1, 3])
  assert.equal([...bent.units], [2, 0, 3])
  assert.equal([...bent.lowerSlope], [0, 1, 1])
  assert.equal([...bent.upperSlope], [0.25, 0.5, 0.75])
  assert.equal([...bent.lowerGap], [0, 0, 0])
  assert.equal([...bent.upperGap], [2, 3, 4])
})

test('a line with a gap is another line', () => {
  const [slopes, gap] = [new Float32Array(units), Float32Array.of(0, 0, 0, 1)]
  const own = {lowerSlope: slopes, upperSlope: slopes, lowerGap: gap, upperGap: gap, bent: true}
  assert.equal([...bentUnits(own, units).units], [3])
})

test('lines of a kink name the units that a search finds', () => {
  const z = Float32Array.of(0.1, -0.1, 2, -2, 0.3, -3, 0, 1)
  const room = new Float32Array(z.length)
  const within = new Float32Array(z.length).fill(0.5)
  const named = leakyRelu(units, 0.2).at(z, room).lines({below: within, above: within})
  const {bentAt, ...searched} = named
  assert.equal([...bentAt!], [0, 1, 4, 6])
  assert.equal(bentUnits(named, units), bentUnits(searched, units))
})

test('of lines that meet there are none', () => {
  const kinks = leakyRelu(units, 0).at(Float32Array.of(1, -1, 2, 3), new Float32Array(units))
  assert.equal([...bentUnits(kinks.tangents(), units).starts], [0, 0])
})

test.run()
