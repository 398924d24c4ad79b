import {test} from 'uvu'
import * as assert from 'uvu/assert'
import {createEpochCounter} from '../../callbacks/epochs.js'
import {createQueue} from '../../callbacks/queue.js'
import {createStopwatch} from '../../callbacks/stopwatch.js'
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

test('epochs count on where fit begins at 0 again', () => {
  const epochs = createEpochCounter()
  const seen: number[] = []
  for (let fit = 0; fit < 3; fit++) {
    epochs.beginFit({initialEpoch: 0})
    epochs.beginEpoch(0)
    seen.push(epochs.read())
    epochs.endEpoch()
    seen.push(epochs.read())
  }
  assert.equal(seen, [0, 1, 1, 2, 2, 3])
})

test('epochs are as initialEpoch says where it goes on, or leaves some out', () => {
  const epochs = createEpochCounter()
  epochs.beginFit({initialEpoch: 2})
  epochs.beginEpoch(2)
  assert.is(epochs.read(), 2)
  epochs.endEpoch()
  epochs.beginFit({initialEpoch: 3})
  epochs.beginEpoch(3)
  assert.is(epochs.read(), 3)
  epochs.endEpoch()
  epochs.beginFit({initialEpoch: 9})
  epochs.beginEpoch(9)
  assert.is(epochs.read(), 9)
})

test('an epoch has fractions where its number of batches is known', () => {
  const fractions = (params: object, batches: number) => {
    const epochs = createEpochCounter()
    epochs.beginFit(params)
    epochs.beginEpoch(0)
    return Array.from({length: batches}, () => {
      epochs.countBatch()
      return epochs.read()
    })
  }
  assert.equal(fractions({samples: 10, batchSize: 4}, 3), [1 / 3, 2 / 3, 1])
  assert.equal(fractions({samples: null, batchSize: null, steps: 2}, 2), [0.5, 1])
  assert.equal(fractions({samples: null, batchSize: null, steps: null}, 2), [0, 0])
})

test('the second epoch knows its batches from the first', () => {
  const epochs = createEpochCounter()
  epochs.beginFit({})
  epochs.beginEpoch(0)
  for (let batch = 0; batch < 4; batch++) epochs.countBatch()
  epochs.endEpoch()
  epochs.beginEpoch(1)
  epochs.countBatch()
  assert.is(epochs.read(), 1.25)
})

test('a stopwatch adds up what lies between start and stop', () => {
  let time = 0
  const watch = createStopwatch(() => time)
  watch.start()
  time = 5
  watch.stop()
  time = 100
  watch.start()
  time = 107
  assert.is(watch.take(), 12)
  time = 110
  assert.is(watch.take(), 3)
  watch.stop()
  time = 200
  assert.is(watch.take(), 0)
})

test('a queue runs one task after another, also after one that failed', async () => {
  const [queue, order] = [createQueue(), [] as string[]]
  const task = (name: string, fails = false) =>
    queue(async () => {
      order.push(`${name} begins`)
      await Promise.resolve()
      order.push(`${name} ends`)
      if (fails) throw new Error(name)
      return name
    })
  const results = await Promise.allSettled([task('a'), task('b', true), task('c')])
  assert.equal(order, ['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
  assert.equal(
    results.map(({status}) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
})

test.run()
