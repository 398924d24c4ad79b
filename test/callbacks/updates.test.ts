import {test} from 'uvu'
import * as assert from 'uvu/assert'
import {createUpdateCounter} from '../../callbacks/updates.js'

test('updates are those the optimiser made since it was followed', () => {
  const [updates, optimizer] = [createUpdateCounter(), {iterations: 100}]
  updates.follow(optimizer)
  assert.is(updates.read(), 0)
  optimizer.iterations = 107
  assert.is(updates.read(), 7)
  updates.follow(optimizer)
  optimizer.iterations = 109
  assert.is(updates.read(), 9)
})

test('updates go on with another optimiser, after compile', () => {
  const [updates, first, second] = [createUpdateCounter(), {iterations: 0}, {iterations: 3}]
  updates.follow(first)
  first.iterations = 5
  updates.follow(second)
  second.iterations = 4
  assert.is(updates.read(), 6)
})

test('batches count where the optimiser does not, and not twice where it does', () => {
  const [updates, silent, counting] = [createUpdateCounter(), {}, {iterations: 0}]
  updates.follow(silent)
  updates.countBatch()
  assert.is(updates.read(), 1)
  updates.follow(counting)
  counting.iterations = 1
  updates.countBatch()
  assert.is(updates.read(), 2)
})

test('updates begin where a resumed run ended', () => {
  const [updates, optimizer] = [createUpdateCounter(), {iterations: 40}]
  updates.follow(optimizer)
  updates.reset(1000)
  optimizer.iterations = 41
  assert.is(updates.read(), 1001)
})

test.run()
