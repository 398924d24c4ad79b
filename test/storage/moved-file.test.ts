import {existsSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {type Log, LogError, openLog} from '../../storage/index.js'
import {rejects} from '../support/rejects.js'
import {sampleRun, sampleSnapshot, temporaryPath} from './sample.js'

const moved = suite('a log whose file is taken away')

const gone =
  /^database: ".*" was deleted or moved while it was open, and what was logged went with it; leave/
const replaced =
  /^database: ".*" was replaced by another file while it was open, and what was logged went with it; leave/

/** A log with a run, and each way to write to it. */
async function begun(journalMode: 'wal' | 'delete') {
  const path = temporaryPath()
  const log = await openLog(path, {journalMode})
  const runId = await log.startRun(sampleRun())
  const writes: (() => Promise<unknown>)[] = [
    () => log.startRun(sampleRun()),
    () => log.resumeRun({...sampleRun(), must: false}),
    () => log.writeSnapshot(runId, sampleSnapshot(1)),
    () => log.heartbeat(runId),
    () => log.finishRun(runId, 'finished'),
    () => log.reopenRun(runId),
  ]
  return {path, log, runId, writes}
}

const stepsIn = async ({db}: Log) =>
  (await db.selectFrom('snapshots').select('step').execute()).map(({step}) => step)

for (const journalMode of ['wal', 'delete'] as const) {
  moved(
    `is written no more, which is said, and a new one can be made (${journalMode})`,
    async () => {
      const {path, log, writes} = await begun(journalMode)
      rmSync(path)
      for (const write of writes) assert.instance(await rejects(write(), gone), LogError)
      await log.close()
      const next = await openLog(path)
      assert.equal(await stepsIn(next), [])
      const runId = await next.startRun(sampleRun())
      await next.writeSnapshot(runId, sampleSnapshot(0))
      await next.close()
    },
  )

  moved(`is not taken for the one that took its place (${journalMode})`, async () => {
    const {path, log, writes} = await begun(journalMode)
    renameSync(path, `${path}.old`)
    writeFileSync(path, 'mine')
    for (const write of writes) await rejects(write(), replaced)
    await log.close()
    assert.ok(existsSync(path))
  })
}

moved('is written again once it is back', async () => {
  const {path, log, runId} = await begun('delete')
  renameSync(path, `${path}.old`)
  await rejects(log.writeSnapshot(runId, sampleSnapshot(0)), gone)
  renameSync(`${path}.old`, path)
  await log.writeSnapshot(runId, sampleSnapshot(1))
  assert.equal(await stepsIn(log), [1])
  await log.close()
})

moved.run()
