import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {readRadius} from '../../src/radius.js'

const test = suite('readRadius')

test('a number counts for every point', () => {
  assert.equal(readRadius(0.5, 3), Float64Array.of(0.5, 0.5, 0.5))
})

test('one a point, from any list', () => {
  assert.equal(readRadius([1, 2], 2), Float64Array.of(1, 2))
  assert.equal(readRadius(Float32Array.of(1, 2), 2), Float64Array.of(1, 2))
})

test('the list given is left as it is', () => {
  const given = Float64Array.of(1, 2)
  readRadius(given, 2)[0] = 9
  assert.is(given[0], 1)
})

test('anything but finite numbers above 0 is refused with its value', () => {
  for (const bad of [0, -1, Number.NaN, Infinity]) {
    const message = new RegExp(`^radius: expected a finite number above 0, got ${bad}$`)
    assert.throws(() => readRadius(bad, 2), message)
    assert.throws(() => readRadius([1, bad], 2), message)
  }
})

test('a ball too small for float32 is refused', () => {
  assert.equal([...readRadius(1e-30, 1)], [1e-30])
  assert.throws(
    () => readRadius([1, 1e-46], 2),
    /radius: expected a number of at least 1e-30, got 1e-46: /,
  )
})

test('another number of radii than of points is refused', () => {
  assert.throws(() => readRadius([1, 2], 3), 'radius: expected a number or 3 of them, got 2')
  assert.throws(() => readRadius([], 1), 'radius: expected a number or 1 of them, got 0')
})

test.run()
