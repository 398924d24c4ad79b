import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {scheduleOf} from '../../../scripts/experiments/schedule.js'

const test = suite('scheduleOf')
const times = {trainSize: 2000, batchSize: 32, epochs: 6, earlySnapshots: 5, everyEpochs: 2}
const stepsOf = (more: Partial<typeof times>) => scheduleOf({...times, ...more}).steps

test('log-spaced steps in the first two epochs, then ends of epochs', () => {
  assert.equal(stepsOf({}), [0, 1, 3, 11, 38, 126, 252, 378])
  assert.equal(stepsOf({earlySnapshots: 0}), [0, 126, 252, 378])
  assert.equal(stepsOf({earlySnapshots: 1}), [0, 1, 126, 252, 378])
  assert.equal(stepsOf({epochs: 1}), [0, 1, 3, 8, 22, 63])
  // one batch an epoch: steps 1 and 2 are both ends
  assert.equal(stepsOf({trainSize: 8, everyEpochs: 1, epochs: 3}), [0, 1, 2, 3])
})

test('the last epoch is measured, whatever lies between two snapshots', () => {
  const none = {earlySnapshots: 0, trainSize: 32}
  assert.equal(stepsOf({...none, epochs: 5}), [0, 2, 4, 5])
  assert.equal(stepsOf({...none, epochs: 3, everyEpochs: 10}), [0, 3])
  assert.equal(stepsOf({...none, epochs: 3, everyEpochs: 1}), [0, 1, 2, 3])
})

test('a batch that is not full is a step', () => {
  assert.is(scheduleOf({...times, trainSize: 33}).stepsPerEpoch, 2)
})

test.run()
