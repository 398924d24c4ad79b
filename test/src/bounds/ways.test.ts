import {suite} from 'uvu'
import {log2Of} from '../../../src/bounds/large-number.js'
import {waysOf} from '../../../src/bounds/ways.js'
import {log2Big} from '../../support/log2-big.js'
import {near} from '../../support/near.js'

const test = suite('ways')

/** The coefficients of (1 + x)^kinks (1 + 2x)^doubles, multiplied out. */
function coefficients(kinks: number, doubles: number): bigint[] {
  let row = [1n]
  const times = (factor: bigint) => {
    row = [...row, 0n].map((own, j) => own + factor * (row[j - 1] ?? 0n))
  }
  for (let k = 0; k < kinks; k++) times(1n)
  for (let k = 0; k < doubles; k++) times(2n)
  return row
}

for (const [kinks, doubles, most] of [
  [0, 0, 5],
  [7, 0, 7],
  [7, 0, 3],
  [0, 6, 6],
  [5, 4, 9],
  [900, 0, 900],
  [1500, 0, 700],
  [1100, 60, 200],
  [30, 1010, 100],
] as const) {
  test(`${kinks} single and ${doubles} double kinks, up to ${most}`, () => {
    const {mantissa, exponent, upTo} = waysOf(kinks, doubles, most)
    const exact = coefficients(kinks, doubles)
    const count = Math.min(most, kinks + doubles) + 1
    const ways = exact.slice(0, count)
    const found = ways.map((_, j) => Math.log2(mantissa[j]!) + exponent[j]!)
    near(found, ways.map(log2Big), {relative: 1e-12, scale: 1, label: 'ways'})
    let sum = 0n
    const sums = ways.map((value) => {
      sum += value
      return log2Big(sum)
    })
    // out of order, as they are asked for
    const last = log2Of(upTo(count - 1))
    near(
      [...ways.keys()].map((j) => log2Of(upTo(j))),
      sums,
      {relative: 1e-12, scale: 1, label: 'sums'},
    )
    near([last], [sums.at(-1)!], {relative: 1e-12, scale: 1, label: 'the last'})
  })
}

test.run()
