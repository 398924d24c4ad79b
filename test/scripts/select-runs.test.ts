import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {selectRuns} from '../../scripts/select-runs.js'
import type {Log} from '../../storage/log.js'
import {rejects} from '../support/rejects.js'
import {emptyLog, syntheticRun} from './figures/synthetic-log.js'

interface Context {
  log: Log
}

const test = suite<Context>('select runs')

test.before.each(async (context) => {
  context.log = await emptyLog()
})

test.after.each(async ({log}) => {
  await log.close()
})

const run = (log: Log, name: string, seed: number, status: 'finished' | 'failed' | 'running') =>
  syntheticRun(log, {name, seed, status, steps: []})

test('all runs, by name and seed', async ({log}) => {
  await run(log, 'b', 2, 'finished')
  await run(log, 'a', 10, 'finished')
  await run(log, 'b', 1, 'finished')
  const {runs, notes} = await selectRuns(log)
  assert.equal(
    runs.map(({name, seed}) => `${name}${seed}`),
    ['a10', 'b1', 'b2'],
  )
  assert.equal(notes, [])
  assert.is((await selectRuns(log, ['b'])).runs.length, 2)
})

test('of one name and seed the newest finished one', async ({log}) => {
  const ids = [
    await run(log, 'a', 1, 'finished'),
    await run(log, 'a', 1, 'finished'),
    await run(log, 'a', 1, 'failed'),
  ]
  for (const [day, id] of ids.entries()) {
    const started_at = `2026-01-0${day + 1}T00:00:00.000Z`
    await log.db.updateTable('runs').set({started_at}).where('id', '=', id).execute()
  }
  const {runs, notes} = await selectRuns(log)
  assert.equal(
    runs.map(({id}) => id),
    [ids[1]],
  )
  assert.equal(notes, [
    'Left out: 2 other runs of the same name and seed as a newer or finished one.',
  ])
})

test('unfinished runs only where no run of the name has finished, or by id', async ({log}) => {
  await run(log, 'a', 1, 'finished')
  const failed = await run(log, 'a', 2, 'failed')
  await run(log, 'b', 1, 'running')
  const {runs, notes} = await selectRuns(log)
  assert.equal(
    runs.map(({name, seed}) => `${name}${seed}`),
    ['a1', 'b1'],
  )
  assert.equal(notes, [
    'Left out: a, seed 2 (failed).',
    'Unfinished: b, seed 1 (running, or cut off).',
  ])
  const byId = await selectRuns(log, [failed.slice(0, 8), 'a'])
  assert.equal(
    byId.runs.map(({seed}) => seed),
    [1, 2],
  )
})

test('a run that is not there is named, with those that are', async ({log}) => {
  await rejects(selectRuns(log), `database: ${log.path} holds no runs yet`)
  await run(log, 'b', 1, 'finished')
  await run(log, 'a', 1, 'finished')
  await rejects(
    selectRuns(log, ['a', 'c']),
    `run: expected a name or an id in ${log.path} (names: a, b), got "c"`,
  )
})

test.run()
