import {chmodSync, copyFileSync, readdirSync, readFileSync} from 'node:fs'
import {dirname} from 'node:path'
import {sql} from 'kysely'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {type Log, openLog} from '../../storage/index.js'
import {rejects} from '../support/rejects.js'
import {rowCounts, sampleRun, sampleSnapshot, temporaryPath, withLog} from './sample.js'

const reading = suite('reading a log')

async function sampleLog(journalMode: 'wal' | 'delete') {
  const path = temporaryPath('runs 100% #1?.db')
  const log = await openLog(path, {journalMode})
  const runId = await log.startRun(sampleRun())
  await log.writeSnapshot(runId, sampleSnapshot(0))
  await log.close()
  return {path, runId}
}

const readonly = {readonly: true}
const filesBeside = (path: string) => readdirSync(dirname(path))
const stepsOf = async ({db}: Log) => {
  const rows = await db.selectFrom('snapshots').select('step').orderBy('step').execute()
  return rows.map(({step}) => step)
}

for (const journalMode of ['wal', 'delete'] as const) {
  reading(`leaves nothing beside the file and the file as it is (${journalMode})`, async () => {
    const {path} = await sampleLog(journalMode)
    const before = readFileSync(path)
    const log = await openLog(path, readonly)
    assert.equal(await stepsOf(log), [0])
    assert.equal(filesBeside(path), ['runs 100% #1?.db'])
    await log.close()
    assert.equal(filesBeside(path), ['runs 100% #1?.db'])
    assert.equal(readFileSync(path), before)
  })

  reading(`refuses every write (${journalMode})`, async () => {
    const {path, runId} = await sampleLog(journalMode)
    const before = readFileSync(path)
    const log = await openLog(path, readonly)
    const writes = [
      () => log.startRun(sampleRun()),
      () => log.resumeRun({...sampleRun(), must: false, runId}),
      () => log.writeSnapshot(runId, sampleSnapshot(1)),
      () => log.heartbeat(runId),
      () => log.finishRun(runId, 'finished'),
      () => log.db.deleteFrom('runs').execute(),
      () => sql`drop table meta`.execute(log.db),
      () => sql`with old as (select 1) delete from runs`.execute(log.db),
      () => sql`delete from runs returning id`.execute(log.db),
      () => sql`pragma user_version = 7`.execute(log.db),
    ]
    for (const write of writes) {
      await rejects(
        write(),
        /^(database: ".*" cannot be written; open it for writing|resume: .* alive)/,
      )
    }
    assert.equal(await stepsOf(log), [0])
    await log.close()
    assert.equal(readFileSync(path), before)
  })

  reading(`sees what is written meanwhile, and after that (${journalMode})`, async () => {
    const {path, runId} = await sampleLog(journalMode)
    const reader = await openLog(path, readonly)
    assert.equal(await stepsOf(reader), [0])
    await withLog(async (writer) => {
      await writer.writeSnapshot(runId, sampleSnapshot(1))
      assert.equal(await stepsOf(reader), [0, 1])
      await writer.writeSnapshot(runId, sampleSnapshot(2))
      assert.equal(await stepsOf(reader), [0, 1, 2])
    }, path)
    assert.equal(await stepsOf(reader), [0, 1, 2])
    await withLog((writer) => writer.writeSnapshot(runId, sampleSnapshot(3)), path)
    assert.equal(await stepsOf(reader), [0, 1, 2, 3])
    await reader.close()
  })
}

reading('sees what was written between two queries by somebody who is gone', async () => {
  const {path, runId} = await sampleLog('wal')
  const reader = await openLog(path, readonly)
  await withLog((writer) => writer.writeSnapshot(runId, sampleSnapshot(1)), path)
  assert.equal(await stepsOf(reader), [0, 1])
  await reader.close()
  assert.equal(filesBeside(path), ['runs 100% #1?.db'])
})

reading('says so where the log changed in the middle of a transaction', async () => {
  const {path, runId} = await sampleLog('wal')
  const reader = await openLog(path, readonly)
  const twice = reader.db.transaction().execute(async (transaction) => {
    await transaction.selectFrom('snapshots').select('step').execute()
    await withLog((writer) => writer.writeSnapshot(runId, sampleSnapshot(1)), path)
    return transaction.selectFrom('snapshots').select('step').execute()
  })
  await rejects(twice, /changed meanwhile; read it again/)
  const again = await reader.db
    .transaction()
    .execute((transaction) => transaction.selectFrom('snapshots').select('step').execute())
  assert.is(again.length, 2)
  await reader.close()
})

reading('works beside a writer, several at once, and with the views', async () => {
  const {path, runId} = await sampleLog('wal')
  await withLog(async (writer) => {
    const readers = await Promise.all([1, 2, 3].map(() => openLog(path, readonly)))
    await writer.writeSnapshot(runId, sampleSnapshot(1))
    const expected = await rowCounts(writer)
    for (const reader of readers) {
      assert.equal(await rowCounts(reader), expected)
      assert.is((await reader.db.selectFrom('timeline').selectAll().execute()).length, 2)
      await reader.close()
    }
  }, path)
})

reading('needs no right to write', async () => {
  const {path} = await sampleLog('wal')
  chmodSync(path, 0o444)
  const log = await openLog(path, readonly)
  assert.equal(await stepsOf(log), [0])
  await log.close()
})

reading('a copy of a log is reading that log', async () => {
  const {path} = await sampleLog('wal')
  const copy = temporaryPath('copy.db')
  copyFileSync(path, copy)
  const log = await openLog(copy, readonly)
  assert.equal(await stepsOf(log), [0])
  assert.is(log.path, copy)
  await log.close()
})

reading.run()
