import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {leakyRelu} from '../../../src/kinks/leaky-relu.js'
import {maximum} from '../../../src/kinks/maximum.js'
import {packRows, type WantedRow} from '../../../src/pull/row-grids.js'
import {type Draw, draws} from '../../support/draw.js'

const test = suite('packRows')
const units = 12
const points = 8
const numbers = Float32Array.from({length: units * points}, (_, i) => Math.sin(i))
const relu = leakyRelu(units, 0).at(numbers, new Float32Array(numbers.length))
/** Four units of three candidates each. */
const pool = maximum(4, 3, new Uint8Array(12).fill(1)).at(numbers, new Float32Array(numbers.length))

test('no rows, no grids', () => {
  assert.equal(packRows(0, relu, [], 10), [])
})

for (const [name, kinks] of [
  ['a ReLU', relu],
  ['a maximum', pool],
] as const) {
  test(`${name}: every wanted row is answered once, from a place that holds it, within the limit`, () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = draws(seed)
      const wanted = randomRows(random)
      const limit = random.pick([1, 2, 7, 30, 1000])
      const answered: WantedRow[] = []
      for (const {grid, rows, places} of packRows(3, kinks, wanted, limit)) {
        const size = grid.points.length * grid.rowsPerPoint
        assert.is(grid.layer, 3)
        assert.ok(size <= limit, `seed ${seed}: ${size} rows, limit ${limit}`)
        assert.equal([grid.first.length, grid.signs.length], [size, size])
        assert.is(rows.length, places.length)
        rows.forEach((row, k) => {
          const place = places[k]!
          assert.is(grid.points[Math.floor(place / grid.rowsPerPoint)], row.point)
          assert.is(grid.first[place], kinks.first(row.at))
          assert.is(grid.second?.[place] ?? -1, kinks.second(row.at))
          assert.is(grid.signs[place], row.sign)
          answered.push(row)
        })
      }
      assert.equal(sorted(answered), sorted(wanted), `seed ${seed}`)
    }
  })
}

test('points that want as many rows share a grid without padding', () => {
  const wanted = [0, 1, 2].flatMap((point) =>
    [4, 5].map((unit): WantedRow => ({point, at: point * units + unit, sign: 1})),
  )
  const grids = packRows(0, relu, wanted, 100)
  assert.is(grids.length, 1)
  assert.is(grids[0]!.grid.first.length, 6)
})

function randomRows(random: Draw): WantedRow[] {
  const rows: WantedRow[] = []
  const wanting = random.whole(1, points)
  for (let point = 0; point < wanting; point++) {
    const density = random.between(0, 1)
    for (let unit = 0; unit < units; unit++) {
      for (const sign of [1, -1] as const) {
        if (random.between(0, 1) < density) rows.push({point, at: point * units + unit, sign})
      }
    }
  }
  return rows
}

const sorted = (rows: readonly WantedRow[]) => rows.map(({at, sign}) => `${at} ${sign}`).sort()

test.run()
