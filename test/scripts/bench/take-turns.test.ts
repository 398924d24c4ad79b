import type {Callback} from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {takeTurns} from '../../../scripts/bench/take-turns.js'
import {rejects} from '../../support/rejects.js'

const test = suite('take-turns')

/** Trainings of so many batches, each of so many milliseconds on a clock that only they move. */
function scripted(batches: readonly number[], milliseconds: readonly number[]) {
  const clock = {now: 0}
  const order: number[] = []
  const trainings = batches.map((count, at) => async (pause: Callback) => {
    for (let batch = 0; batch < count; batch++) {
      clock.now += milliseconds[at]!
      order.push(at)
      await pause.onBatchEnd(batch)
    }
    // after the last batch: the end of an epoch
    clock.now += 1000
  })
  return {trainings, order, now: () => clock.now}
}

test('each training has its own time, whichever takes longer', async () => {
  const {trainings, order, now} = scripted([100, 40, 7], [2, 3, 5])
  assert.equal(await takeTurns(trainings, 4, now), [1200, 1120, 1035])
  assert.is(order.length, 147)
})

test('they take turns: as many batches each in a round, the next round the other way, of another length', async () => {
  const {trainings, order, now} = scripted([400, 400], [1, 1])
  await takeTurns(trainings, 4, now)
  const turns: {of: number; length: number}[] = []
  for (const of of order) {
    const last = turns.at(-1)
    if (last?.of === of) last.length++
    else turns.push({of, length: 1})
  }
  // the second turn of a round is joined to the first of the next, but for the first
  assert.equal(
    turns.map(({of}) => of),
    turns.map((_, at) => at % 2),
  )
  const ahead: number[] = []
  let lead = 0
  for (const {of, length} of turns) {
    lead += of === 0 ? length : -length
    ahead.push(lead)
  }
  const furthest = Math.max(...ahead.map(Math.abs))
  assert.ok(furthest <= 7, `${furthest} batches ahead of the other`)
  assert.ok(Math.min(...ahead) < 0, 'the second goes ahead, too')
  assert.ok(new Set(turns.map(({length}) => length)).size > 4)
})

test('one that fails is told of when the other has come to its end', async () => {
  const {trainings, order, now} = scripted([30, 30], [1, 1])
  const fails = async (pause: Callback) => {
    await pause.onBatchEnd(0)
    throw new Error('no more')
  }
  await rejects(takeTurns([fails, trainings[1]!], 4, now), /no more/)
  assert.is(order.length, 30)
})

test.run()
