import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {withSpareArray} from '../../src/spare-array.js'

const test = suite('spare array')

test('what was given back is lent again', async () => {
  const first = await withSpareArray(1000, async (array) => array)
  const again = await withSpareArray(10, async (array) => array)
  assert.is(again, first)
  assert.ok((await withSpareArray(5000, async (array) => array.length)) >= 5000)
})

test('two that work at the same time have arrays of their own', async () => {
  await withSpareArray(100, async () => {})
  await withSpareArray(100, async (one) => {
    await withSpareArray(100, async (other) => assert.is.not(one.buffer, other.buffer))
  })
})

test('an array comes back where its user fails', async () => {
  let lent: Float32Array | undefined
  const failing = withSpareArray(20_000, async (array) => {
    lent = array
    throw new Error('no room')
  })
  await failing.catch(() => {})
  assert.is(await withSpareArray(10, async (array) => array), lent)
})

test('a very long array is not kept', async () => {
  const long = await withSpareArray(2 ** 22 + 1, async (array) => array)
  assert.is.not(await withSpareArray(10, async (array) => array), long)
})

test.run()
