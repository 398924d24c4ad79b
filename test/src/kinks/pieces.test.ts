import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {clipped} from '../../../src/kinks/clipped.js'
import {leakyRelu} from '../../../src/kinks/leaky-relu.js'
import {maximum} from '../../../src/kinks/maximum.js'

const test = suite('pieces')

test('a leaky ReLU: right of its kink or not', () => {
  const z = Float32Array.of(-1, 0, 0.5, 2, -0.1, 3)
  for (const slope of [0, 0.2, -1, 1.5]) {
    const kinks = leakyRelu(3, slope).at(z, new Float32Array(6))
    assert.equal([...kinks.pieces(false)], [0, 0, 1, 1, 0, 1])
  }
})

test('two kinks: how many lie below', () => {
  const z = Float32Array.of(-1, 0, 0.5, 1, 1.5, 7)
  const kinks = clipped(3, {low: 0, high: 1, slope: 1, offset: 0}).at(z, new Float32Array(6))
  assert.equal([...kinks.pieces(false)], [0, 0, 1, 1, 2, 2])
})

test('in doubt where rounding reaches a kink, either one, and no further', () => {
  const z = Float32Array.of(-0.5, 0, 0.5, 0.75, 1.5, 1.25)
  const room = Float32Array.of(0.25, 0, 0.25, 0.25, 0.25, 0.25)
  const kink = clipped(6, {low: 0, high: 1, slope: 1, offset: 0})
  assert.equal([...kink.at(z, room).pieces(true)], [0, -1, 1, -1, 2, -1])
  assert.equal([...kink.at(z, room).pieces(false)], [0, 0, 1, 1, 2, 2])
  const relu = leakyRelu(2, 0).at(Float32Array.of(0.2, -0.2), Float32Array.of(0.1, 0.3))
  assert.equal([...relu.pieces(true)], [1, -1])
})

test('a maximum: the place of its winner, the first of equal ones', () => {
  // Two points, two units of three candidates, laid out [candidates x units].
  const z = Float32Array.of(1, 5, 2, 5, 3, 4, -1, 0, -2, 1, -3, 2)
  const kinks = maximum(2, 3, new Uint8Array(6).fill(1)).at(z, new Float32Array(12))
  assert.equal([...kinks.pieces(false)], [2, 0, 0, 2])
  assert.equal([...kinks.pieces(true)], [2, -1, 0, 2])
})

test('a maximum is in doubt where rounding could bring a rival up', () => {
  const z = Float32Array.of(1, 2, 3)
  const kink = maximum(1, 3, new Uint8Array(3).fill(1))
  assert.equal([...kink.at(z, Float32Array.of(0, 0.5, 0.5)).pieces(true)], [-1])
  assert.equal([...kink.at(z, Float32Array.of(0, 0.5, 0.25)).pieces(true)], [2])
  assert.equal([...kink.at(z, Float32Array.of(1.9, 0.5, 0.25)).pieces(true)], [-1])
})

test('a candidate that is not there never wins, nor leaves doubt', () => {
  const kink = maximum(1, 3, Uint8Array.of(1, 1, 0))
  const kinks = kink.at(Float32Array.of(1, 2, 9), new Float32Array(3))
  assert.equal([...kinks.pieces(true)], [1])
})

test.run()
