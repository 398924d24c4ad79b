import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {openLog} from '../../storage/index.js'
import {openTrainingLog} from '../../storage/log.js'
import {rejects} from '../support/rejects.js'
import {lockFile} from './lock-file.js'
import {rowCounts, sampleRun, sampleSnapshot, temporaryPath, withLog} from './sample.js'

const patient = suite('a log in a file that others lock')

/** A run that has begun, and what its log says. */
async function begun(patience = 20) {
  const path = temporaryPath()
  const said: string[] = []
  const log = await openTrainingLog(path, {patience, warn: (text) => said.push(text)})
  return {path, said, log, runId: await log.startRun(sampleRun())}
}

const stepsOf = (path: string) =>
  withLog(async ({db}) => {
    const rows = await db.selectFrom('snapshots').select('step').orderBy('step').execute()
    return rows.map(({step}) => step)
  }, path)

patient('keeps what is written, says so once, and writes it in its order', async () => {
  const {path, said, log, runId} = await begun()
  await log.writeSnapshot(runId, sampleSnapshot(0))
  const unlock = await lockFile(path)
  await log.writeSnapshot(runId, sampleSnapshot(1))
  await log.heartbeat(runId)
  await log.writeSnapshot(runId, sampleSnapshot(2))
  assert.is(said.length, 1)
  assert.match(said[0]!, /^database: ".*" is locked by another process, for more than 20 ms/)
  await unlock()
  await log.finishRun(runId, 'finished')
  assert.match(said[1]!, /^database: ".*" can be written again, and nothing is lost$/)
  assert.equal(await stepsOf(path), [0, 1, 2])
  await log.close()
  assert.is(said.length, 2)
  await withLog(async (opened) => {
    const {status} = await opened.db.selectFrom('runs').selectAll().executeTakeFirstOrThrow()
    assert.is(status, 'finished')
  }, path)
})

patient('is waited for only the first time', async () => {
  const {path, log, runId} = await begun(100)
  const unlock = await lockFile(path)
  const {now} = performance
  let asked = 0
  await log.writeSnapshot(runId, sampleSnapshot(0))
  // who waits asks the clock again and again
  performance.now = () => {
    asked++
    return now.call(performance)
  }
  try {
    await log.writeSnapshot(runId, sampleSnapshot(1))
  } finally {
    performance.now = now
  }
  assert.ok(asked < 6, `${asked}`)
  await unlock()
  await log.close()
  assert.equal(await stepsOf(path), [0, 1])
})

patient('delivers at the end what was kept', async () => {
  const {path, log, runId} = await begun()
  const unlock = await lockFile(path)
  await log.writeSnapshot(runId, sampleSnapshot(5))
  await log.finishRun(runId, 'finished')
  await unlock()
  await log.close()
  assert.equal(await stepsOf(path), [5])
})

patient('that stays locked to the end costs what was kept, which is said', async () => {
  const {path, log, runId} = await begun()
  const unlock = await lockFile(path)
  for (const step of [1, 2]) await log.writeSnapshot(runId, sampleSnapshot(step))
  await log.finishRun(runId, 'finished')
  await rejects(
    log.close(),
    /^database: ".*" stayed locked by another process to the end: steps 1, 2 and the state of the run could not/,
  )
  await unlock()
  assert.equal(await stepsOf(path), [])
})

patient('tells other errors at once, and keeps nothing then', async () => {
  const {path, said, log, runId} = await begun()
  await rejects(log.writeSnapshot(runId, sampleSnapshot(0, {loss: Number.NaN})), /NaN/)
  await rejects(log.heartbeat('none'), /^runId: expected a run of this log/)
  await log.close()
  assert.equal(said, [])
  assert.equal(await stepsOf(path), [])
  await rejects(log.heartbeat(runId), /was closed; open it again/)
})

patient('says of what was kept if it is refused later, and writes the rest', async () => {
  const {path, said, log, runId} = await begun()
  const unlock = await lockFile(path)
  await log.writeSnapshot('none', sampleSnapshot(1))
  await log.writeSnapshot(runId, sampleSnapshot(2))
  await unlock()
  await log.heartbeat(runId)
  assert.match(said[1]!, /^runId: expected a run .*; what was kept meanwhile of step 1 is lost$/)
  assert.equal(await stepsOf(path), [2])
  await log.close()
})

patient('is waited for longer before the training, which is said', async () => {
  const path = temporaryPath()
  await withLog(async () => undefined, path)
  const unlock = await lockFile(path)
  const said: string[] = []
  const warn = (text: string) => {
    said.push(text)
    void unlock()
  }
  const log = await openTrainingLog(path, {patience: 1, warn})
  await log.startRun(sampleRun())
  assert.match(said.join(), /^database: ".*" is locked by another process; it is waited for before/)
  assert.is((await log.db.selectFrom('runs').select('id').execute()).length, 1)
  await log.close()
})

patient('is as any other log where nobody locks it', async () => {
  const log = await openTrainingLog(':memory:')
  const runId = await log.startRun(sampleRun())
  await log.writeSnapshot(runId, sampleSnapshot(0))
  assert.is((await rowCounts(log)).snapshots, 1)
  await log.close()
  await rejects(openTrainingLog('', {}), /^database: expected a path/)
  const usual = await openLog(':memory:')
  await usual.close()
})

patient.run()
