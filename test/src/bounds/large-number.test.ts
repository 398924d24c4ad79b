import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {
  type LargeNumber,
  LargeSum,
  log2Of,
  powerOf2,
  product,
  ratio,
  smaller,
} from '../../../src/bounds/large-number.js'
import {draws} from '../../support/draw.js'
import {log2Big} from '../../support/log2-big.js'
import {near} from '../../support/near.js'

const test = suite('large-number')

/** 53 bits in front of zeros, as it is and as a bigint. */
function drawn(random: ReturnType<typeof draws>, longest: number): [LargeNumber, bigint] {
  const exponent = random.whole(52, longest)
  const mantissa = 1 + random.whole(0, 2 ** 30) / 2 ** 30
  return [{mantissa, exponent}, BigInt(mantissa * 2 ** 52) << BigInt(exponent - 52)]
}

const close = (found: LargeNumber, exact: bigint, label: string) => {
  assert.ok(found.mantissa >= 1 && found.mantissa < 2, `${label}: ${found.mantissa}`)
  // The logarithm itself has an error of some 2^-53 of its size.
  near([log2Of(found)], [log2Big(exact)], {relative: 1e-15, scale: 8, label})
}

for (const longest of [60, 1200, 5000]) {
  test(`sums, products and the smaller one, as of whole numbers of up to ${longest} bits`, () => {
    for (let seed = 1; seed <= 100; seed++) {
      const random = draws(seed)
      const label = `seed ${seed}`
      const terms = Array.from({length: random.whole(1, 30)}, () => drawn(random, longest))
      const sum = new LargeSum()
      let exact = 0n
      for (const [{mantissa, exponent}, value] of terms) {
        sum.add(mantissa, exponent)
        exact += value
      }
      close(sum.get(), exact, `${label}, sum`)
      const [[a, ofA], [b, ofB]] = [terms[0]!, drawn(random, longest)]
      close(product(a, b), ofA * ofB, `${label}, product`)
      assert.equal(smaller(a, b), ofA < ofB ? a : b, label)
      assert.equal(smaller(b, a), ofA < ofB ? a : b, label)
    }
  })
}

test('a sum of numbers whose mantissa is not in [1, 2)', () => {
  const sum = new LargeSum()
  sum.add(2 ** -20, 2000)
  sum.add(3, 1979)
  assert.equal(sum.get(), {mantissa: 1.25, exponent: 1981})
})

test('powers of 2: whole ones exactly', () => {
  assert.equal(powerOf2(0), {mantissa: 1, exponent: 0})
  assert.equal(powerOf2(5000), {mantissa: 1, exponent: 5000})
  near([log2Of(powerOf2(1234.567))], [1234.567], {relative: 1e-15})
})

test('ratios: 0 and Infinity where they are far apart', () => {
  const b = {mantissa: 1.5, exponent: 3000}
  assert.is(ratio(1.5, 3000, b), 1)
  assert.is(ratio(1.5, 3001, b), 2)
  assert.is(ratio(1.5, 2990, b), 2 ** -10)
  assert.is(ratio(1, 3002, b), Number.POSITIVE_INFINITY)
  assert.is(ratio(1, 0, b), 0)
})

test.run()
