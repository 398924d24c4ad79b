import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {UsageError} from '../../../scripts/command.js'
import {parseShard, shardOf, shareOf} from '../../../scripts/experiments/shard.js'

const test = suite('shards')

test('every item falls to one shard, whatever their number', () => {
  const items = Array.from({length: 63}, (_, index) => index)
  for (const count of [1, 2, 3, 10, 63, 100]) {
    const shares = Array.from({length: count}, (_, index) =>
      shareOf(items, {number: index + 1, count}),
    )
    assert.equal(
      shares.flat().sort((a, b) => a - b),
      items,
    )
    const sizes = shares.map((share) => share.length)
    assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1)
  }
  assert.equal(shareOf(['a', 'b', 'c', 'd', 'e'], {number: 2, count: 3}), ['b', 'e'])
})

test('words', () => {
  assert.equal(parseShard('3/100'), {number: 3, count: 100})
  assert.equal(parseShard('100'), {number: undefined, count: 100})
  for (const word of ['', '0/3', '4/3', '1/0', '0', 'a/b', '1/2/3', '-1/3', '1.5/3'])
    assert.is(parseShard(word), undefined, word)
})

test('what is given goes before what a scheduler says', () => {
  const env = {SLURM_ARRAY_TASK_ID: '7', SLURM_ARRAY_TASK_COUNT: '9', JOB_COMPLETION_INDEX: '1'}
  const given = shardOf({number: 2, count: 5}, env)
  assert.equal(given, {number: 2, count: 5, source: '--shard'})
  assert.is(shardOf(undefined, {}), undefined)
  assert.is(shardOf(undefined, {SLURM_ARRAY_TASK_ID: ''}), undefined)
})

test('a task of a Slurm array, from whatever number the array starts', () => {
  const of = (id: string, min?: string, count = '4') =>
    shardOf(undefined, {
      SLURM_ARRAY_TASK_ID: id,
      SLURM_ARRAY_TASK_COUNT: count,
      ...(min && {SLURM_ARRAY_TASK_MIN: min}),
    })
  assert.equal(of('3'), {number: 3, count: 4, source: 'SLURM_ARRAY_TASK_ID'})
  assert.equal(of('0', '0')?.number, 1)
  assert.equal(of('13', '10')?.number, 4)
  const other = shardOf({number: undefined, count: 50}, {SLURM_ARRAY_TASK_ID: '3'})
  assert.equal(other, {number: 3, count: 50, source: 'SLURM_ARRAY_TASK_ID'})
})

test('a pod of an indexed job in Kubernetes, which is not told how many there are', () => {
  const pod = {JOB_COMPLETION_INDEX: '0'}
  const of = shardOf({number: undefined, count: 100}, pod)
  assert.equal(of, {number: 1, count: 100, source: 'JOB_COMPLETION_INDEX'})
  assert.throws(() => shardOf(undefined, pod), /JOB_COMPLETION_INDEX is set.*give --shard COUNT/)
})

test('what does not fit is wrong use', () => {
  const cases: [Parameters<typeof shardOf>, RegExp][] = [
    [[{number: undefined, count: 3}, {}], /expected NUMBER\/COUNT, such as 3\/3, got 3 alone/],
    [[{number: undefined, count: 3}, {JOB_COMPLETION_INDEX: '3'}], /at least 4.*got 3/],
    [[undefined, {SLURM_ARRAY_TASK_ID: 'x'}], /whole number in SLURM_ARRAY_TASK_ID, got "x"/],
  ]
  for (const [given, message] of cases) {
    assert.throws(
      () => shardOf(...given),
      (error: Error) => error instanceof UsageError && message.test(error.message),
    )
  }
})

test.run()
