import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import type {Lines} from '../../src/kinks/kink.js'
import {leakyRelu} from '../../src/kinks/leaky-relu.js'
import {lineLists} from '../../src/line-lists.js'

const test = suite('lineLists')

const units = 4
const gaps = () => new Float32Array(3 * units)
const lines: Lines = {
  lowerSlope: Float32Array.of(0, 1, 0, 0.5, 0, 0, 0, 0, 1, 0, 2, 1),
  upperSlope: Float32Array.of(0, 1, 0.25, 0.5, 0, 0, 0, 0, 0.5, 0, 2, 0.75),
  lowerGap: gaps(),
  upperGap: gaps(),
  bent: true,
}

test('those of one line that is not flat, point after point; those of two are apart', () => {
  const {passing, bent} = lineLists(lines, units)
  assert.equal([...passing.starts], [0, 2, 2, 3])
  assert.equal([...passing.units], [1, 3, 2])
  assert.equal([...passing.slopes], [1, 0.5, 2])
  assert.equal([...bent!.units], [2, 0, 3])
})

test('lines that meet: the units that are on, and none that is bent', () => {
  const z = Float32Array.of(1, -1, 2, 0, -3, 4, -5, -6)
  const on = lineLists(leakyRelu(units, 0).at(z, new Float32Array(z.length)).tangents(), units)
  assert.equal([...on.passing.starts], [0, 2, 3])
  assert.equal([...on.passing.units], [0, 2, 1])
  assert.equal([...on.passing.slopes], [1, 1, 1])
  assert.is(on.bent, undefined)
})

test.run()
