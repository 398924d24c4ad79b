import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {reachOnBalls} from '../../../src/bounds/reach-on-balls.js'
import {draws} from '../../support/draw.js'

const test = suite('reachOnBalls')

// Points whose numbers are no whole vectors, and more of them than are looked at at a time.
for (const [points, numbers] of [
  [1, 1],
  [3, 5],
  [7, 8],
  [5, 20_001],
  [30_000, 3],
] as const) {
  for (const shared of [true, false]) {
    test(`${points} points, ${numbers} numbers, ${shared ? 'the same at all' : 'of their own'}`, () => {
      const random = draws(`reach ${points} ${numbers} ${shared}`)
      const reach = Float32Array.from(random.normals(shared ? numbers : points * numbers), Math.abs)
      reach[0] = Number.NaN
      reach[reach.length - 1] = 3e38
      const radius = Float64Array.from({length: points}, () => random.between(0, 2))
      const {below, above} = reachOnBalls(reach, radius, numbers, 1.5)
      assert.is(below, above)
      const expected = Float32Array.from({length: points * numbers}, (_, at) => {
        const moves = reach[shared ? at % numbers : at]! * (radius[Math.floor(at / numbers)]! * 1.5)
        return Number.isNaN(moves) ? Number.POSITIVE_INFINITY : moves
      })
      assert.ok(below.every((value, at) => value === expected[at]))
    })
  }
}

test.run()
