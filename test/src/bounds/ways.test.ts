import {suite} from 'uvu'
import {log2Of} from '../../../src/bounds/large-number.js'
import {type Ways, waysOf} from '../../../src/bounds/ways.js'
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

const log2At = ({mantissa, exponent}: Ways['sums'], j: number) =>
  log2Of({mantissa: mantissa[j]!, exponent: exponent[j]!})

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
    const found = waysOf(kinks, doubles, most)
    const exact = coefficients(kinks, doubles)
    const ways = exact.slice(0, Math.min(most, kinks + doubles) + 1)
    let sum = 0n
    for (const [j, own] of ways.entries()) {
      sum += own
      const label = `${j} kinks`
      near([log2At(found, j)], [log2Big(own)], {relative: 1e-12, scale: 1, label})
      near([log2At(found.sums, j)], [log2Big(sum)], {relative: 1e-12, scale: 1, label})
    }
  })
}

test('more different ones than are kept: each is still its own', () => {
  for (let kinks = 1; kinks <= 60; kinks++) {
    for (let doubles = 1; doubles <= 300; doubles += 3) {
      const last = kinks + doubles
      const found = waysOf(kinks, doubles, last)
      near(
        [log2At(found, last), log2At(found.sums, last)],
        [doubles, kinks + doubles * Math.log2(3)],
        {
          relative: 1e-12,
          scale: 1,
          label: `${kinks}, ${doubles}`,
        },
      )
    }
  }
})

test.run()
