import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import type {Lines} from '../../../src/kinks/kink.js'
import {Passage} from '../../../src/simd/passage.js'
import {type Draw, draws} from '../../support/draw.js'
import {near} from '../../support/near.js'
import {passedRow} from '../../support/passed-row.js'

const test = suite('passage')

const few = 3

/** Lines of which every third is flat, and every fourth two that differ. */
function randomLines(random: Draw, units: number, bent: boolean, points = few): Lines {
  const lowerSlope = Float32Array.from(random.normals(points * units), (slope, at) =>
    at % 3 === 0 ? 0 : slope,
  )
  const isBent = (at: number) => bent && at % 4 === 0
  return {
    lowerSlope,
    upperSlope: lowerSlope.map((slope, at) => (isBent(at) ? slope + 1 : slope)),
    lowerGap: lowerSlope.map((_, at) => (isBent(at) ? 0.25 : 0)),
    upperGap: lowerSlope.map((_, at) => (isBent(at) ? 0.5 : 0)),
    bent,
  }
}

// Whole vectors, what is left over, and rows of which only a few fit.
for (const units of [1, 3, 4, 7, 12, 16_001, 70_000]) {
  for (const bent of [true, false]) {
    const random = draws(`passage ${units} ${bent}`)
    const lines = randomLines(random, units, bent)
    const numbers = (count: number) => Float32Array.from(random.normals(count * units))
    const passed = (row: Float32Array, point: number, sign: number) =>
      passedRow(lines, row, point, sign)
    const rowOf = (rows: Float32Array, k: number) => rows.slice(k * units, (k + 1) * units)
    const kind = `${units} units, ${bent ? 'bent' : 'straight'}`

    test(`${kind}: each entry takes the line that its sign asks for`, () => {
      const own = new Passage(lines, units)
      const count = Math.min(own.places, 5)
      const rows = numbers(count + 1)
      const out = new Float32Array((count + 2) * units)
      own.load(rows, 1, count, 0)
      const slacks = Array.from({length: count}, (_, k) =>
        own.pass(k, k, (2 * k) % few, k % 2 === 0 ? 1 : -1),
      )
      own.store(out, 1, count)
      slacks.forEach((slack, k) => {
        const wanted = passed(rowOf(rows, k + 1), (2 * k) % few, k % 2 === 0 ? 1 : -1)
        near([slack], [wanted.slack], {relative: 1e-6})
        near(rowOf(out, k + 1), wanted.entries, {relative: 1e-6})
      })
      // Only the rows' own places are written.
      assert.ok([...rowOf(out, 0), ...rowOf(out, count + 1)].every((value) => value === 0))
    })

    test(`${kind}: a row that goes on takes the place of one that does not; lengths are weighted`, () => {
      const weights = Float64Array.from(random.normals(units), (value) => value ** 2)
      const own = new Passage(lines, units, weights)
      const count = Math.min(own.places, 2)
      const rows = numbers(count)
      const last = count - 1
      for (let k = 0; k < count; k++) own.load(rows, k, 1, k)
      own.pass(last, 0, 1, 1)
      const {entries} = passed(rowOf(rows, last), 1, 1)
      const squares = entries.reduce((sum, entry, j) => sum + entry ** 2 * weights[j]!, 0)
      near([own.length(0)], [Math.sqrt(squares)], {relative: 1e-6})
      const out = new Float32Array(units)
      own.store(out, 0, 1)
      near(out, entries, {relative: 1e-6})
    })

    test(`${kind}: of a unit without slopes and gaps nothing passes, not even what is no number`, () => {
      const own = new Passage(lines, units)
      const rows = numbers(1).map((value, j) =>
        j % 12 === 6 ? Number.POSITIVE_INFINITY : j % 12 === 3 ? Number.NaN : value,
      )
      own.load(rows, 0, 1, 0)
      // Units 3 and 6 of each twelve are flat at point 0, and not bent.
      assert.ok(Number.isFinite(own.pass(0, 0, 0, 1)))
      assert.ok(Number.isFinite(own.length(0)))
    })

    test(`${kind}: a row less another`, () => {
      const own = new Passage(lines, units)
      const rows = numbers(2)
      own.load(rows, 1, 1, 0)
      own.subtract(rows, 0, 0)
      const out = new Float32Array(units)
      own.store(out, 0, 1)
      assert.equal(
        out,
        out.map((_, j) => rows[units + j]! - rows[j]!),
      )
    })
  }
}

test('each row finds the lines of its point, whatever points came before', () => {
  const [units, points] = [5, 40]
  const random = draws('points')
  const lines = randomLines(random, units, true, points)
  const row = Float32Array.from(random.normals(units))
  const own = new Passage(lines, units)
  const inOrder = Array.from({length: points}, (_, point) => point)
  for (const point of [...inOrder, 7, 39, 24, 23, 0, ...inOrder.toReversed()]) {
    own.load(row, 0, 1, 0)
    const slack = own.pass(0, 0, point, 1)
    const out = new Float32Array(units)
    own.store(out, 0, 1)
    const wanted = passedRow(lines, row, point, 1)
    near([slack, ...out], [wanted.slack, ...wanted.entries], {relative: 1e-6})
  }
})

test('squares of small numbers do not vanish', () => {
  const lines = {...randomLines(draws('small'), 1, false), lowerSlope: Float32Array.of(1, 1, 1)}
  const own = new Passage(lines, 1)
  own.load(Float32Array.of(1e-30), 0, 1, 0)
  own.pass(0, 0, 0, 1)
  near([own.length(0)], [1e-30], {relative: 1e-6})
})

test.run()
