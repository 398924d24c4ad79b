import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {log2Subsets} from '../../../../src/bounds/flats/knapsack.js'
import {ragged} from '../../../../src/common/ragged.js'
import {type Draw, draws} from '../../../support/draw.js'

const test = suite('log2Subsets')

/** Of each kink of one unit. */
type Shares = readonly number[]

/** One by one. */
function count(units: readonly Shares[], most: number, sum = 0, from = 0): number {
  let found = 1
  if (most === 0) return found
  for (let unit = from; unit < units.length; unit++) {
    for (const share of units[unit]!) {
      if (sum + share < 1) found += count(units, most - 1, sum + share, unit + 1)
    }
  }
  return found
}

const randomUnits = (random: Draw): Shares[] =>
  Array.from({length: random.whole(0, 10)}, () =>
    Array.from({length: random.pick([1, 1, 2])}, () =>
      random.pick([0, 0.125, 0.5, 1, 3, random.between(0, 0.4), random.between(0, 1)]),
    ),
  )

test('never below the number of sets, above it by rounding alone, and never falling with the size', () => {
  let [all, exact] = [0, 0]
  for (let seed = 1; seed <= 500; seed++) {
    const random = draws(`knapsack ${seed}`)
    const units = randomUnits(random)
    const log2 = log2Subsets(ragged(units))
    let before = 0
    // The largest size first, as the recursion asks.
    for (let most = units.length; most >= 0; most--) {
      const sets = count(units, most)
      const bits = log2(most)
      assert.ok(bits >= Math.log2(sets), `seed ${seed}, ${most}: ${bits} bits for ${sets} sets`)
      assert.ok(most === units.length || bits <= before, `seed ${seed}: rises at ${most}`)
      // Shares at most 10 / 32 of a step too small let in little more.
      const finer = units.map((shares) => shares.map((share) => share - 1 / 32))
      assert.ok(bits <= Math.log2(count(finer, most)) + 1e-9, `seed ${seed}, ${most}: ${bits}`)
      before = bits
      all++
      if (Math.abs(bits - Math.log2(sets)) < 1e-9) exact++
    }
  }
  assert.ok(exact > 0.5 * all, `${exact} of ${all} exact`)
})

test('shares of 0 double the sets, and more of them than doubles can count do not overflow', () => {
  for (const units of [3, 900, 1500, 4000]) {
    const bits = log2Subsets(ragged(Array.from({length: units}, () => [0])))(units)
    assert.ok(bits >= units && bits < units + 1e-6, `${units} units: ${bits} bits`)
  }
  const half = log2Subsets(ragged(Array.from({length: 2000}, (_, k) => [k < 1999 ? 0 : 0.5])))(2000)
  assert.ok(half >= 2000 && half < 2000 + 1e-6)
})

test('of many units no set is missed, and at most half too many are counted', () => {
  const units = 400
  // log2 of the sets of at most so many units, exactly.
  const exact: number[] = []
  let [ways, sum] = [1n, 0n]
  for (let j = 0; j <= units; j++) {
    sum += ways
    exact.push(Math.log2(Number(sum)))
    ways = (ways * BigInt(units - j)) / BigInt(j + 1)
  }
  const log2 = log2Subsets(ragged(Array.from({length: units}, () => [0])))
  let before = Number.POSITIVE_INFINITY
  for (let most = units; most >= 0; most -= 20) {
    const bits = log2(most)
    assert.ok(bits >= exact[most]! && bits <= before, `${most}: ${bits}`)
    assert.ok(bits <= exact[most]! + (most < units / 2 ? 1e-9 : 1 + 1e-9), `${most}: ${bits}`)
    before = bits
  }
})

test('a unit that is too heavy alone is in no set, and what is not a number might be in every one', () => {
  assert.ok(Math.abs(log2Subsets(ragged([[1], [2], [Number.POSITIVE_INFINITY]]))(3)) < 1e-9)
  assert.ok(Math.abs(log2Subsets(ragged([[Number.NaN]]))(1) - 1) < 1e-9)
})

test.run()
