import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {readdirSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {sql} from 'kysely'
import * as assert from 'uvu/assert'
import {openLog} from '../../storage/index.js'
import {databaseSuite, temporaryPlace} from '../support/databases.js'
import {rejects} from '../support/rejects.js'
import {rowCounts, sampleRun, sampleSnapshot, temporaryPath, withLog} from './sample.js'
import {checkWhole, sampleSize} from './whole.js'
import {startWriter, writeTogether, writtenSize} from './writers.js'

const processes = databaseSuite('several processes and one log')

processes('two write and one reads, and nothing is lost', () => writeTogether(2, 12))

processes('a dozen of one process are opened and written at once', async () => {
  const path = await temporaryPlace()
  const names = Array.from({length: 12}, (_, index) => `log ${String(index).padStart(2, '0')}`)
  const write = async (name: string) => {
    // more than Node has threads for files: none may hold one while it waits
    const log = await openLog(path, {busyTimeout: 30_000, spool: false})
    const runId = await log.startRun(sampleRun({name}))
    await log.writeSnapshot(runId, sampleSnapshot(0))
    await log.close()
  }
  await Promise.all(names.map(write))
  await withLog(async (log) => {
    await checkWhole(log, sampleSize)
    const runs = await log.db.selectFrom('timeline').select('run').orderBy('run').execute()
    assert.equal(
      runs.map(({run}) => run),
      names,
    )
  }, path)
})

for (const acknowledged of [1, 4]) {
  processes(`a run is killed after ${acknowledged} snapshots, and keeps them`, async () => {
    const path = await temporaryPlace()
    const child = startWriter(path, 'killed', 1000)
    let said = ''
    for await (const data of child.stdout!) {
      said += data
      if (said.split('\n').length > acknowledged) child.kill('SIGKILL')
    }
    const stored = said.split('\n').slice(0, -1).map(Number)
    await withLog(async (log) => {
      await checkWhole(log, writtenSize)
      const rows = await log.db.selectFrom('snapshots').select('step').orderBy('step').execute()
      const steps = rows.map(({step}) => step)
      assert.equal(steps.slice(0, stored.length), stored)
      assert.ok(steps.length <= stored.length + 1)
      const run = {...sampleRun({name: 'killed'}), must: true, step: 0}
      assert.is((await log.resumeRun(run)).step, 0)
      assert.is((await rowCounts(log)).snapshots, 1)
    }, path)
  })
}

processes.on(
  'SQLite',
  'a log without a WAL, left in the middle of a write, is put right by writing',
  async () => {
    const path = temporaryPath()
    const first = await openLog(path, {journalMode: 'delete'})
    const runId = await first.startRun(sampleRun())
    await first.writeSnapshot(runId, sampleSnapshot(0, {}, {points: 200, layers: 3}))
    const before = await rowCounts(first)
    await first.close()
    const script = `
    const sqlite3 = require(${JSON.stringify(join(import.meta.dirname, '../../node_modules/sqlite3'))})
    const database = new sqlite3.Database(process.argv[1])
    database.exec('pragma cache_size = 2; begin; delete from bounds; delete from layer_bounds', () =>
      process.kill(process.pid, 'SIGKILL'))`
    const child = spawn(process.execPath, ['-e', script, path], {stdio: 'inherit'})
    await once(child, 'close')
    assert.ok(readdirSync(dirname(path)).includes('runs.db-journal'))
    await rejects(openLog(path, {readonly: true}), /cannot be written; open it for writing/)
    await withLog(async (log) => {
      assert.equal(await rowCounts(log), before)
      await checkWhole(log, writtenSize)
    }, path)
    assert.equal(readdirSync(dirname(path)), ['runs.db'])
  },
)

processes.on('SQLite', 'one that waits too long says for what', async () => {
  const path = temporaryPath()
  await withLog(async (log) => {
    const hasty = await openLog(path, {busyTimeout: 50})
    await log.db.transaction().execute(async (transaction) => {
      await transaction.selectFrom('runs').selectAll().execute()
      await rejects(hasty.startRun(sampleRun()), /^database: ".*" stayed locked by another process/)
    })
    await hasty.startRun(sampleRun())
    await hasty.close()
  }, path)
})

processes.on('SQLite', 'a full disk costs the snapshot, not the log', async () => {
  await withLog(async (log) => {
    const runId = await log.startRun(sampleRun())
    await log.writeSnapshot(runId, sampleSnapshot(0))
    const before = await rowCounts(log)
    const {rows} = await sql<{page_count: number}>`pragma page_count`.execute(log.db)
    const limit = (pages: number) => sql`pragma max_page_count = ${sql.lit(pages)}`.execute(log.db)
    await limit(rows[0]!.page_count + 10)
    const large = sampleSnapshot(1, {}, {points: 1000})
    await rejects(log.writeSnapshot(runId, large), /^database: ".*" cannot grow, the disk is full/)
    assert.equal(await rowCounts(log), before)
    await limit(1_000_000)
    await log.writeSnapshot(runId, large)
    const [{integrity_check} = {}] = (await sql`pragma integrity_check`.execute(log.db)).rows as {
      integrity_check?: string
    }[]
    assert.is(integrity_check, 'ok')
  })
})

processes.on('SQLite', 'an error is not hidden by a transaction that SQLite has ended itself', () =>
  withLog(async ({db}) => {
    const ended = db.transaction().execute(async (transaction) => {
      await sql`rollback`.execute(transaction)
      throw new Error('the first one')
    })
    await rejects(ended, /the first one/)
  }),
)

processes.on('PostgreSQL', 'one that waits too long for a row says for what', async () => {
  const place = await temporaryPlace()
  await withLog(async (log) => {
    const runId = await log.startRun(sampleRun())
    const hasty = await openLog(place, {busyTimeout: 50, spool: false})
    await log.db.transaction().execute(async (transaction) => {
      await transaction.updateTable('runs').set({error: 'x'}).execute()
      const waiting = hasty.writeSnapshot(runId, sampleSnapshot(0))
      await rejects(waiting, /^database: ".*" stayed locked by another process/)
    })
    await hasty.writeSnapshot(runId, sampleSnapshot(0))
    await hasty.close()
  }, place)
})

processes.run()
