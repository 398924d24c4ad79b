import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {packRows, type WantedRow} from '../../src/row-grids.js'
import {type Draw, draws} from '../support/draw.js'

const test = suite('packRows')

test('no rows, no grids', () => {
  assert.equal(packRows(0, [], 10), [])
})

test('every wanted row is answered once, from a place that holds it, within the limit', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = draws(seed)
    const wanted = randomRows(random)
    const limit = random.pick([1, 2, 7, 30, 1000])
    const answered: WantedRow[] = []
    for (const {grid, rows, places} of packRows(3, wanted, limit)) {
      const {points, units, signs, rowsPerPoint} = grid
      const size = points.length * rowsPerPoint
      assert.is(grid.layer, 3)
      assert.ok(size <= limit, `seed ${seed}: ${size} rows, limit ${limit}`)
      assert.equal([units.length, signs.length], [size, size])
      assert.is(rows.length, places.length)
      rows.forEach((row, k) => {
        const place = places[k]!
        assert.equal(row, {
          point: points[Math.floor(place / rowsPerPoint)],
          unit: units[place],
          sign: signs[place],
        })
        answered.push(row)
      })
    }
    assert.equal(sorted(answered), sorted(wanted), `seed ${seed}`)
  }
})

test('points that want as many rows share a grid without padding', () => {
  const wanted = [0, 1, 2].flatMap((point) =>
    [4, 5].map((unit): WantedRow => ({point, unit, sign: 1})),
  )
  const grids = packRows(0, wanted, 100)
  assert.is(grids.length, 1)
  assert.is(grids[0]!.grid.units.length, 6)
})

function randomRows(random: Draw): WantedRow[] {
  const rows: WantedRow[] = []
  for (let point = 0; point < random.whole(1, 8); point++) {
    const density = random.between(0, 1)
    for (let unit = 0; unit < 12; unit++) {
      for (const sign of [1, -1] as const) {
        if (random.between(0, 1) < density) rows.push({point, unit, sign})
      }
    }
  }
  return rows
}

const sorted = (rows: readonly WantedRow[]) =>
  rows.map(({point, unit, sign}) => `${point} ${unit} ${sign}`).sort()

test.run()
