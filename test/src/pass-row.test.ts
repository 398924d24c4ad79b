import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import type {Lines} from '../../src/kinks/kink.js'
import {lineLists} from '../../src/line-lists.js'
import {passRow} from '../../src/pass-row.js'
import {draws} from '../support/draw.js'
import {near} from '../support/near.js'

const test = suite('passRow')

const [points, units] = [3, 7]
const random = draws('passRow')
const numbers = (length: number) => Float32Array.from({length}, () => random.between(-1, 1))
const lowerSlope = numbers(points * units).map((slope, at) => (at % 3 === 0 ? 0 : slope))
const isBent = (at: number) => at % 4 === 0
const lines: Lines = {
  lowerSlope,
  upperSlope: lowerSlope.map((slope, at) => (isBent(at) ? slope + 1 : slope)),
  lowerGap: lowerSlope.map((_, at) => (isBent(at) ? 0.25 : 0)),
  upperGap: lowerSlope.map((_, at) => (isBent(at) ? 0.5 : 0)),
  bent: true,
}
const rows = numbers(4 * units)

for (const less of [-1, 3 * units]) {
  test(`${less < 0 ? 'a row' : 'a difference'} takes the line that each sign asks for`, () => {
    for (const sign of [1, -1]) {
      for (let point = 0; point < points; point++) {
        const out = new Float32Array(2 * units)
        const slack = passRow(lineLists(lines, units), point, rows, units, less, sign, out, units)
        let expected = 0
        for (let j = 0, at = point * units; j < units; j++, at++) {
          const entry = sign * (rows[units + j]! - (less < 0 ? 0 : rows[less + j]!))
          const own = entry > 0 ? lines.lowerSlope[at]! : lines.upperSlope[at]!
          near([out[units + j]!], [entry * own], {relative: 1e-6})
          expected += Math.abs(entry) * (entry > 0 ? lines.lowerGap[at]! : lines.upperGap[at]!)
        }
        near([slack], [expected], {relative: 1e-6})
        // Nothing before the place is touched.
        assert.ok(out.subarray(0, units).every((value) => value === 0))
      }
    }
  })
}

test.run()
