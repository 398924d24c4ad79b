import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {weightRows} from '../../../src/windows/weight-rows.js'
import {draws} from '../../support/draw.js'

const test = suite('weights of channels as rows')

// Few rows, more than there is room for at a time, and rows of which only one fits.
for (const [count, size] of [
  [0, 9],
  [5, 9],
  [20_000, 18],
  [3, 70_001],
] as const) {
  test(`${count} rows of ${size} weights: those of each channel, times the sign`, () => {
    const random = draws(`weight rows ${count} ${size}`)
    const weights = Float32Array.from(random.normals(5 * size))
    const own = Int32Array.from({length: count}, () => random.whole(0, 4))
    const signs = Float32Array.from({length: count}, () => random.pick([1, -1]))
    const found = weightRows(weights, size, own, signs)
    assert.is(found.length, count * size)
    assert.ok(
      found.every((value, at) => {
        const row = Math.floor(at / size)
        return value === signs[row]! * weights[own[row]! * size + (at % size)]!
      }),
    )
  })
}

test.run()
