import {Matrix, pseudoInverse} from 'ml-matrix'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {countFeasibleSets} from '../../../../src/bounds/flats/feasible-sets.js'
import {ragged} from '../../../../src/common/ragged.js'
import {draws} from '../../../support/draw.js'

const test = suite('countFeasibleSets')

/** All sets, each by y' G^-1 y. */
function bySolving(gram: Matrix, changes: readonly number[][], most: number, room: number): number {
  let found = 0
  const visit = (from: number, chosen: number[], values: number[]) => {
    if (chosen.length > 0) {
      const own = gram.selection(chosen, chosen)
      const y = Matrix.columnVector(values)
      if (y.transpose().mmul(pseudoInverse(own)).mmul(y).get(0, 0) >= 1 - room) return
    }
    found++
    if (chosen.length === most) return
    for (let unit = from; unit < changes.length; unit++) {
      for (const value of changes[unit]!) {
        visit(unit + 1, [...chosen, unit], [...values, value])
      }
    }
  }
  visit(0, [], [])
  return found
}

test('as many as solving for each set says', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = draws(`sets ${seed}`)
    const n = random.whole(1, 7)
    const rows = new Matrix(Array.from({length: n}, () => [...random.normals(8)]))
    const gram = rows.mmul(rows.transpose())
    const changes = Array.from({length: n}, () =>
      Array.from({length: random.pick([1, 1, 2])}, () => random.normal() * 0.9),
    )
    const units = {changes: ragged(changes), errors: new Float64Array(n)}
    const most = random.whole(0, n)
    const flat = Float64Array.from(gram.to1DArray())
    const counted = countFeasibleSets(flat, units, most, 1e6)!
    assert.ok(counted >= bySolving(gram, changes, most, 1e-9), `seed ${seed}`)
    assert.ok(counted <= bySolving(gram, changes, most, -1e-9), `seed ${seed}`)
    const unsure = {...units, errors: new Float64Array(n).fill(0.2)}
    assert.ok(countFeasibleSets(flat, unsure, most, 1e6)! >= counted, `seed ${seed}, unsure`)
    if (counted > 1) assert.is(countFeasibleSets(flat, units, most, counted - 1), undefined)
  }
})

test('a unit that moves as another one does can be reached only with it', () => {
  const gram = Float64Array.of(1, 1, 1, 1 + 1e-9)
  const at = (first: number, second: number) =>
    countFeasibleSets(
      gram,
      {changes: ragged([[first], [second]]), errors: new Float64Array(2)},
      2,
      10,
    )
  assert.is(at(0.5, 0.5), 4)
  assert.is(at(0.5, -0.5), 3)
})

test.run()
