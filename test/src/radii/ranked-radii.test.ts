import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {atRanks, rankRadii} from '../../../src/radii/ranked-radii.js'

const test = suite('rankRadii')

test('radii fall from rank to rank at each point, and go back to where they came from', () => {
  const rules = [
    {radius: Float64Array.of(9, 1, 5, 2)},
    {radius: Float64Array.of(9, 3, 4, 2)},
    {radius: Float64Array.of(9, 2, 6, 1)},
  ]
  const {byRank, ranks} = rankRadii(rules, 1, 3)
  assert.equal(byRank, [
    Float64Array.of(3, 6, 2),
    Float64Array.of(2, 5, 2),
    Float64Array.of(1, 4, 1),
  ])
  rules.forEach(({radius}, k) => {
    assert.equal(atRanks(byRank, ranks[k]!), radius.slice(1))
  })
})

test('none', () => {
  assert.equal(rankRadii([], 0, 2), {byRank: [], ranks: []})
})

test.run()
