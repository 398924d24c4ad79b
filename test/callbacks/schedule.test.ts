import {test} from 'uvu'
import * as assert from 'uvu/assert'
import {type Every, logSpaced, readSchedule} from '../../callbacks/schedule.js'
import {throwsWith} from './fixture.js'

const due = (every: Every, moments: readonly (readonly [number, number])[]) =>
  moments.filter(([step, epoch]) => readSchedule(every).isDue({step, epoch})).map(([step]) => step)

test('a number counts epochs', () => {
  assert.is(readSchedule(2).at, 'epoch')
  assert.equal(
    due(2, [
      [10, 1],
      [20, 2],
      [30, 3],
      [40, 4],
    ]),
    [20, 40],
  )
})

test('{batches} and {steps} count updates', () => {
  const moments = [1, 2, 3, 4, 5, 6].map((step) => [step, 0] as const)
  assert.is(readSchedule({batches: 3}).at, 'batch')
  assert.equal(due({batches: 3}, moments), [3, 6])
  assert.is(readSchedule({steps: [5, 2]}).at, 'batch')
  assert.equal(due({steps: [5, 2]}, moments), [2, 5])
})

test('{when} asks at the end of epochs, or of batches', () => {
  assert.is(readSchedule({when: () => true}).at, 'epoch')
  assert.is(readSchedule({when: () => true, at: 'batch'}).at, 'batch')
  assert.equal(
    due({when: ({step, epoch}) => step > 3 && epoch < 2}, [
      [3, 1],
      [4, 1],
      [5, 2],
    ]),
    [4],
  )
})

test('{when} must answer true or false', () => {
  const schedule = readSchedule({when: (async () => true) as unknown as () => boolean})
  throwsWith(() => schedule.isDue({step: 1, epoch: 1}), 'every.when: expected it to return true')
})

for (const [every, message] of [
  [0, 'every: expected a whole number of at least 1, got 0'],
  [1.5, 'every: expected a whole number of at least 1, got 1.5'],
  [Number.NaN, 'every: expected a whole number of at least 1, got NaN'],
  [null, 'every: expected a number of epochs'],
  ['1', 'every: expected a number of epochs, {batches}, {steps} or {when, at}, got "1"'],
  [{}, 'every: expected a number of epochs'],
  [{batches: 1, steps: [1]}, 'every: expected a number of epochs'],
  [{batches: -1}, 'every.batches: expected a whole number of at least 1, got -1'],
  [{steps: 3}, 'every.steps: expected an array, got 3'],
  [{steps: []}, 'every.steps: expected at least one step'],
  [{steps: [1, 2.5]}, 'every.steps: expected a whole number of at least 0, got 2.5'],
  [{when: true}, 'every.when: expected a function'],
  [{when: () => true, at: 'step'}, `every.at: expected 'epoch' or 'batch', got "step"`],
] as [Every, string][])
  test(`every: ${JSON.stringify(every)} is refused`, () => {
    throwsWith(() => readSchedule(every), message)
  })

test('logSpaced is even on a logarithmic scale, without repetition', () => {
  assert.equal(logSpaced(1, 1000, 4), {steps: [1, 10, 100, 1000]})
  assert.equal(logSpaced(5, 5, 3), {steps: [5]})
  const {steps} = logSpaced(1, 2000, 30)
  assert.is(steps[0], 1)
  assert.is(steps.at(-1), 2000)
  assert.equal(
    steps,
    [...new Set(steps)].sort((one, other) => one - other),
  )
  assert.is(readSchedule({steps}).at, 'batch')
})

test('logSpaced refuses what is no range', () => {
  throwsWith(() => logSpaced(0, 10, 3), 'first: expected a whole number of at least 1, got 0')
  throwsWith(() => logSpaced(10, 9, 3), 'last: expected a whole number of at least 10, got 9')
  throwsWith(() => logSpaced(1, 9, 1), 'count: expected a whole number of at least 2, got 1')
})

test.run()
