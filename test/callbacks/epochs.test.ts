import {test} from 'uvu'
import * as assert from 'uvu/assert'
import {createEpochCounter} from '../../callbacks/epochs.js'

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

test.run()
