import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {scheduleOf} from '../../../scripts/experiments/schedule.js'

const test = suite('scheduleOf')
const quick = {trainSize: 2000, batchSize: 32, epochs: 20, earlySnapshots: 5, everyEpochs: 2}

function plan(more: Partial<typeof quick>) {
  const {early, afterEpoch, snapshots} = scheduleOf({...quick, ...more})
  const epochs = Array.from({length: more.epochs ?? quick.epochs}, (_, index) => index + 1)
  return {early, epochs: epochs.filter(afterEpoch), snapshots}
}

test('early steps are log-spaced; ends of measured epochs are none of them', () => {
  assert.equal(plan({}).early, [1, 3, 11, 38])
  assert.equal(plan({earlySnapshots: 0}).early, [])
  assert.equal(plan({earlySnapshots: 1}).early, [1])
  // 1 to 63 alone: the only epoch is measured at its end
  assert.equal(plan({epochs: 1}).early, [1, 3, 8, 22])
  // one batch an epoch: steps 1 and 2 are both ends
  assert.equal(plan({trainSize: 8, everyEpochs: 1}).early, [])
})

test('the last epoch is measured, whatever lies between two snapshots', () => {
  assert.equal(plan({epochs: 5}).epochs, [2, 4, 5])
  assert.equal(plan({epochs: 3, everyEpochs: 10}).epochs, [3])
  assert.equal(plan({epochs: 3, everyEpochs: 1}).epochs, [1, 2, 3])
})

test('the number of snapshots counts the one before the first batch', () => {
  assert.is(plan({}).snapshots, 1 + 4 + 10)
  assert.is(plan({epochs: 5, earlySnapshots: 0}).snapshots, 4)
})

test.run()
