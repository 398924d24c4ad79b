import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {placesReaching} from '../../../src/kinks/reaching.js'
import {block} from '../../../src/simd/elementwise.js'
import {draws} from '../../support/draw.js'

const test = suite('numbers that move as far as their gap')

test('every one that does is found, in order, and hardly another', () => {
  for (const [room, size] of [
    [0, 500],
    [0.05, 501],
    [0, 2 * block + 3],
  ] as const) {
    const random = draws(`reaching ${room}`)
    const gap = Float32Array.from(random.normals(size), Math.abs)
    const below = Float32Array.from(random.normals(size), (v) => Math.abs(v) * 0.3)
    const above = Float32Array.from(random.normals(size), (v) => Math.abs(v) * 0.3)
    // Exactly as far, a little short of it, no kink at all, not bounded, not a number.
    below[0] = gap[0]!
    above[1] = gap[1]! * (1 - 2 ** -10)
    below[1] = 0
    gap[2] = Number.POSITIVE_INFINITY
    below[3] = Number.POSITIVE_INFINITY
    above[4] = Number.NaN
    const own = room > 0 ? new Float32Array(size).fill(room) : undefined
    const found = placesReaching(gap, {below, above}, own)
    assert.equal(
      [...found],
      [...new Set(found)].sort((a, b) => a - b),
    )
    const places = new Set(found)
    for (let at = 0; at < size; at++) {
      const short = (share: number) =>
        below[at]! + room < gap[at]! * share && above[at]! + room < gap[at]! * share
      const label = `${at}, room ${room}`
      if (!short(1)) assert.ok(places.has(at), `${label}: missed`)
      else if (short(1 - 2 ** -20)) assert.not(places.has(at), `${label}: far from it`)
    }
    assert.ok(found.length > size / 10 && found.length < size / 2, `${found.length}`)
  }
})

test.run()
