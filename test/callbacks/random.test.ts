import {test} from 'uvu'
import * as assert from 'uvu/assert'
import {pick, pickDistinct, randomStream} from '../../callbacks/random.js'

const take = (rng: () => number, n: number) => Array.from({length: n}, rng)

test('a key gives the same stream each time, another key another', () => {
  assert.equal(take(randomStream('1/train/0'), 9), take(randomStream('1/train/0'), 9))
  for (const other of ['2/train/0', '1/test/0', '1/train/1'])
    assert.not.equal(take(randomStream('1/train/0'), 9), take(randomStream(other), 9))
})

test('the stream is the same on every machine', () => {
  assert.equal(
    take(randomStream('1/train/0'), 3),
    [0.6898644214155483, 0.9701292438731188, 0.1587589318309175],
  )
})

test('numbers are uniform in [0, 1)', () => {
  const numbers = take(randomStream('uniform'), 20_000)
  assert.ok(numbers.every((number) => number >= 0 && number < 1))
  const buckets = new Array(20).fill(0)
  for (const number of numbers) buckets[Math.floor(number * 20)]++
  // chi squared with 19 degrees of freedom: 43.8 is passed once in a thousand
  const chiSquared = buckets.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)
  assert.ok(chiSquared < 43.8, `chi squared ${chiSquared}`)
})

test('streams of neighbouring keys are uncorrelated', () => {
  const [one, other] = ['1/train/1', '1/train/2'].map((key) => take(randomStream(key), 20_000))
  const sum = one!.reduce(
    (total, number, index) => total + (number - 0.5) * (other![index]! - 0.5),
    0,
  )
  assert.ok(Math.abs((sum / 20_000) * 12) < 4 / Math.sqrt(20_000))
})

test('drawing leaves Math.random alone', () => {
  const {random} = Math
  Math.random = () => {
    throw new Error('Math.random was drawn from')
  }
  try {
    pickDistinct(randomStream('a'), 3, 9)
    pick(randomStream('a'), 3, 9)
  } finally {
    Math.random = random
  }
})

test('pickDistinct draws each number at most once, every order equally often', () => {
  const rng = randomStream('distinct')
  assert.equal([...pickDistinct(rng, 9, 9)].sort(), [0, 1, 2, 3, 4, 5, 6, 7, 8])
  const counts = new Map<string, number>()
  for (let draw = 0; draw < 12_000; draw++) {
    const text = pickDistinct(rng, 2, 4).join()
    counts.set(text, (counts.get(text) ?? 0) + 1)
  }
  assert.is(counts.size, 12)
  for (const [order, count] of counts) assert.ok(Math.abs(count - 1000) < 130, `${order}: ${count}`)
})

test('pick draws below the count', () => {
  const numbers = pick(randomStream('pick'), 1000, 3)
  assert.equal([...new Set(numbers)].sort(), [0, 1, 2])
})

test.run()
