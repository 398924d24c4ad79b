import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {withSeededRandom} from '../../../scripts/experiments/seeded-random.js'
import {rejects} from '../../support/rejects.js'

const test = suite('withSeededRandom')
const draw = async () => {
  const first = Math.random()
  await null
  return [first, Math.random()]
}

test('the same seed gives the same numbers, also after a pause; another seed others', async () => {
  const first = await withSeededRandom('a', draw)
  assert.equal(await withSeededRandom('a', draw), first)
  assert.not.equal(await withSeededRandom('b', draw), first)
})

test('Math.random is put back, after an error too', async () => {
  const original = Math.random
  await withSeededRandom('a', draw)
  assert.is(Math.random, original)
  await rejects(
    withSeededRandom('a', () => Promise.reject(new Error('no'))),
    'no',
  )
  assert.is(Math.random, original)
})

test.run()
