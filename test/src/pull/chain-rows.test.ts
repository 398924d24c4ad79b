import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {leakyRelu} from '../../../src/kinks/leaky-relu.js'
import type {KinkInstruction} from '../../../src/program/program.js'
import {beginRows, passRows} from '../../../src/pull/chain-rows.js'
import type {WantedRow} from '../../../src/pull/row-grids.js'
import {draws} from '../../support/draw.js'
import {near} from '../../support/near.js'
import {passedRow} from '../../support/passed-row.js'

const test = suite('rows of a chain')

// So wide that only three rows are on their way at a time.
const units = 20_001
const [points, count] = [4, 8]
const random = draws('chain rows')
const z = Float32Array.from(random.normals(points * units))
const moves = z.map(() => 0.1)
const kink = leakyRelu(units, 0)
const kinks = kink.at(z, new Float32Array(z.length))
const lines = kinks.lines({below: moves, above: moves})
const item = {kind: 'kink', layer: 0, units, input: 1, kink, name: ''} as unknown as KinkInstruction
const weights = Float32Array.from(random.normals(5 * units))

const wanted = Array.from({length: count}, (_, k): WantedRow => {
  const point = k % points
  return {point, at: point * units + ((3 * k) % 5), sign: k % 3 === 0 ? -1 : 1}
})

const passed = (row: ArrayLike<number>, point: number, sign: number) =>
  passedRow(lines, row, point, sign)

const rowOf = (rows: Float32Array, k: number) => rows.subarray(k * units, (k + 1) * units)

function begun() {
  const out = new Float32Array(count * units)
  return beginRows(item, lines, kinks, wanted, weights, out)
}

test('they begin as rows of the weights, signed, each through the lines of its point', () => {
  const {rows, slack, kept} = begun()
  assert.is(kept.length, count)
  wanted.forEach(({point, at, sign}, k) => {
    const expected = passed(rowOf(weights, at % units), point, sign)
    near(rowOf(rows, k), expected.entries, {relative: 1e-6})
    near([slack[k]!], [expected.slack], {relative: 1e-6})
  })
})

for (const stops of [false, true]) {
  test(`they pass the next kink${stops ? ', but for those that may stop there' : ''}`, () => {
    const before = begun()
    const asked: {row: WantedRow; longest: number; slack: number}[] = []
    const goesOn = (row: WantedRow) => !stops || wanted.indexOf(row) % 3 !== 1
    const found = passRows(
      item,
      lines,
      before,
      new Float32Array(count * units),
      stops
        ? {
            weights: new Float64Array(units).fill(4),
            reach: 3,
            enough: (row, longest, slack) => {
              asked.push({row, longest, slack})
              return !goesOn(row)
            },
          }
        : undefined,
    )
    assert.equal(found.kept, wanted.filter(goesOn))
    const all = wanted.map(({point}, k) => {
      const own = passed(rowOf(before.rows, k), point, 1)
      return {...own, slack: before.slack[k]! + own.slack}
    })
    found.kept.forEach((row, k) => {
      const expected = all[wanted.indexOf(row)]!
      near(rowOf(found.rows, k), expected.entries, {relative: 1e-6})
      near([found.slack[k]!], [expected.slack], {relative: 1e-6})
    })
    assert.is(asked.length, stops ? count : 0)
    for (const {row, longest, slack} of asked) {
      const expected = all[wanted.indexOf(row)]!
      near([longest], [3 * 2 * Math.hypot(...expected.entries)], {relative: 1e-5})
      near([slack], [expected.slack], {relative: 1e-6})
    }
  })
}

test.run()
