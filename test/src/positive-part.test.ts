import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {positivePart} from '../../src/positive-part.js'
import {draws} from '../support/draw.js'

const test = suite('positive part')

test('is the larger of a number and 0, to the last bit', () => {
  const random = draws('positive part')
  const normals = Array.from({length: 1000}, () => random.normal() * 2 ** random.whole(-140, 120))
  for (const value of [0, -0, 2 ** -149, -(2 ** -149), 3.4e38, -3.4e38, Infinity, ...normals]) {
    assert.is(positivePart(value), Math.max(value, 0), `${value}`)
  }
})

test('of what is no number is no number', () => {
  assert.ok(Number.isNaN(positivePart(Number.NaN)))
  assert.ok(Number.isNaN(positivePart(-Infinity)))
})

test.run()
