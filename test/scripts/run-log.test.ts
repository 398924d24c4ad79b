import {test} from 'uvu'
import * as assert from 'uvu/assert'
import type {ChosenBackend} from '../../scripts/backends/load.js'
import {openRunLog} from '../../scripts/run-log.js'
import type {Log} from '../../storage/log.js'
import {sampleRun} from '../storage/sample.js'
import {rejects} from '../support/rejects.js'

/** A log of three runs, of which those named cannot be closed. */
async function threeRuns(broken: readonly string[]) {
  const closed: string[] = []
  const log = {
    startRun: async ({name}: {name: string}) => name,
    finishRun: async (id: string, _status: string, error: string) => {
      if (broken.includes(id)) throw new Error(`${id} is broken`)
      closed.push(`${id}: ${error}`)
    },
  } as unknown as Log
  const backend = {name: 'cpu', device: null, warnings: []} as unknown as ChosenBackend
  const runs = openRunLog(log, {backend, argv: []})
  for (const name of ['a', 'b', 'c']) await runs.startRun(sampleRun({name}))
  return {runs, closed}
}

test('what was broken off is closed as failed, and the error goes on', async () => {
  const {runs, closed} = await threeRuns([])
  await runs.finishRun('b', 'finished')
  closed.length = 0
  const error = new RangeError('no luck')
  assert.is(await rejects(runs.breakOff(error), 'no luck'), error)
  assert.is(error.cause, undefined)
  assert.equal(closed, ['a: no luck', 'c: no luck'])
  await rejects(runs.breakOff('another'), 'another')
  assert.is(closed.length, 2)
})

test('a run that cannot be closed hides neither the error nor the other runs', async () => {
  const {runs, closed} = await threeRuns(['a', 'b'])
  const error = new Error('no luck')
  assert.is(await rejects(runs.breakOff(error), 'no luck'), error)
  assert.equal(closed, ['c: no luck'])
  assert.equal(
    (error.cause as AggregateError).errors.map(({message}: Error) => message),
    ['a is broken', 'b is broken'],
  )
  const caused = new Error('no luck', {cause: 'of old'})
  await rejects(runs.breakOff(caused), 'no luck')
  assert.is(caused.cause, 'of old')
})

test.run()
