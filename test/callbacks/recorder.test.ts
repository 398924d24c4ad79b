import {join} from 'node:path'
import {test} from 'uvu'
import * as assert from 'uvu/assert'
import {createRecorder, type RecorderOptions} from '../../callbacks/recorder.js'
import {openLog} from '../../storage/index.js'
import type {RunStart, Snapshot} from '../../storage/snapshot.js'
import {temporaryFolder} from '../support/folder.js'
import {rejects} from '../support/rejects.js'
import {memoryLog} from './fixture.js'

const folder = temporaryFolder()
let files = 0
const newPath = () => join(folder, `runs-${files++}.db`)

const run: RunStart = {
  name: 'a run',
  seed: 1,
  model: {
    layers: [{name: 'hidden', className: 'Dense', units: 2, kinks: 1}],
    widths: [2, 2],
    parameters: 6,
    inputShape: [2],
  },
  measures: [{name: 'distance', unit: 'input units'}],
  backend: 'cpu',
  tfjsVersion: '4.22.0',
}
const snapshot = (step: number, epoch: number): Snapshot => ({
  step,
  epoch,
  status: 'complete',
  points: [],
  distances: [],
  bounds: [],
  measurements: [],
  timings: {},
})
const recorder = (options: Partial<RecorderOptions>) =>
  createRecorder({
    database: newPath(),
    resume: 'never',
    runId: undefined,
    ...options,
  })
const describe = async () => run

test('a run begins at 0, goes on after it was finished, and keeps its id', async () => {
  const database = newPath()
  const recording = recorder({database})
  assert.is(recording.runId(), null)
  assert.equal(await recording.begin(describe, {}), {step: 0, epoch: 0})
  const id = recording.runId()!
  assert.is(await recording.begin(describe, {}), null)
  await recording.write(snapshot(0, 0))
  await recording.heartbeat()
  await recording.finish('failed', 'out of luck')
  await recording.finish('finished')
  const rows = async () => {
    const log = await openLog(database, {readonly: true})
    const found = await log.db
      .selectFrom('runs')
      .select(['id', 'status', 'error', 'ended_at'])
      .execute()
    await log.close()
    return found
  }
  const [first] = await rows()
  assert.equal([first!.id, first!.status, first!.error], [id, 'failed', 'out of luck'])
  assert.ok(first!.ended_at)
  assert.is(await recording.begin(describe, {}), null)
  assert.equal(await rows(), [{id, status: 'running', error: null, ended_at: null}])
  await recording.finish('finished')
  assert.is(recording.runId(), id)
})

test('a log that was opened elsewhere stays open', async () => {
  const log = memoryLog()
  const recording = recorder({database: log})
  await recording.begin(describe, {})
  await recording.finish('finished')
  await recording.begin(describe, {})
  assert.equal(log.calls, ['startRun', 'finished', 'reopen'])
})

test('writing needs a run', async () => {
  await rejects(recorder({}).write(snapshot(0, 0)), 'no run is under way')
  await rejects(recorder({}).heartbeat(), 'no run is under way')
  await recorder({}).finish('finished')
})

test('what cannot be described leaves no log open', async () => {
  const log = memoryLog()
  const recording = recorder({database: log})
  await rejects(
    recording.begin(() => Promise.reject(new Error('no backend')), {}),
    'no backend',
  )
  await rejects(recording.write(snapshot(0, 0)), 'no run is under way')
  assert.equal(await recording.begin(describe, {}), {step: 0, epoch: 0})
})

test('a database that cannot be written is refused', async () => {
  const database = join(folder, 'missing', 'runs.db')
  await rejects(recorder({database}).begin(describe, {}), 'runs.db')
})

/** A run of 3 epochs that ended badly. */
async function unfinishedRun(): Promise<{database: string; id: string}> {
  const database = newPath()
  const recording = recorder({database})
  await recording.begin(describe, {})
  for (const epoch of [0, 1, 2, 3]) await recording.write(snapshot(epoch * 10, epoch))
  await recording.finish('failed', 'interrupted')
  return {database, id: recording.runId()!}
}

for (const resume of ['allow', 'must'] as const)
  test(`resume: '${resume}' goes on where the log ends`, async () => {
    const {database, id} = await unfinishedRun()
    const recording = recorder({database, resume})
    assert.equal(await recording.begin(describe, {}), {step: 30, epoch: 3})
    assert.is(recording.runId(), id)
    await recording.finish('finished')
  })

test('resume goes on from an epoch that is said, and what came after is gone', async () => {
  const {database} = await unfinishedRun()
  const recording = recorder({database, resume: 'must'})
  assert.equal(await recording.begin(describe, {epoch: 1}), {step: 10, epoch: 1})
  await recording.finish('finished')
  const log = await openLog(database, {readonly: true})
  const steps = await log.db.selectFrom('snapshots').select('step').orderBy('step').execute()
  await log.close()
  assert.equal(
    steps.map(({step}) => step),
    [0, 10],
  )
})

test("resume: 'never' begins anew, 'allow' where there is nothing, 'must' refuses", async () => {
  const {database, id} = await unfinishedRun()
  const never = recorder({database})
  assert.equal(await never.begin(describe, {}), {step: 0, epoch: 0})
  assert.is.not(never.runId(), id)
  await never.finish('finished')
  assert.equal(await recorder({resume: 'allow'}).begin(describe, {}), {step: 0, epoch: 0})
  await rejects(recorder({resume: 'must'}).begin(describe, {}), 'no unfinished run "a run"')
})

test('runId names the run to go on with', async () => {
  const {database, id} = await unfinishedRun()
  const later = recorder({database})
  await later.begin(describe, {})
  await later.finish('failed', 'interrupted')
  const recording = recorder({database, resume: 'must', runId: id})
  await recording.begin(describe, {})
  assert.is(recording.runId(), id)
  await recording.finish('finished')
})

test.run()
