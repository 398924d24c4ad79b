import * as tf from '@tensorflow/tfjs'
import {test} from 'uvu'
import * as assert from 'uvu/assert'
import {near} from './near.js'
import {rejects} from './rejects.js'
import {keepsTensors} from './tensors.js'

// assert.throws hands an assertion's own error on
function refuses(check: () => void): boolean {
  try {
    check()
    return false
  } catch {
    return true
  }
}

test('near accepts what is close, infinity included, and nothing else', () => {
  near([1, Infinity, 0], [1 + 1e-9, Infinity, 0])
  for (const [actual, expected] of [
    [[1], [1.1]],
    [[Number.NaN], [Number.NaN]],
    [[1], [Infinity]],
    [[1], [1, 2]],
  ] as [number[], number[]][]) {
    assert.ok(
      refuses(() => near(actual, expected)),
      `${actual} is not ${expected}`,
    )
  }
})

test('rejects wants a rejection with that message', async () => {
  await rejects(Promise.reject(new Error('points: expected 1')), 'points')
  const failing = rejects(Promise.resolve(1), 'points').then(
    () => 'accepted',
    () => 'refused',
  )
  assert.is(await failing, 'refused')
})

test('keepsTensors sees one tensor too many', async () => {
  const refused = await rejects(
    keepsTensors(() => tf.scalar(1)),
    'tensors left behind',
  )
  assert.ok(refused)
  await keepsTensors(() => tf.tidy(() => tf.scalar(1).add(1).dataSync()))
})

test.run()
