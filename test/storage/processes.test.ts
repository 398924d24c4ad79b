import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {readdirSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {sql} from 'kysely'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {type Log, openLog} from '../../storage/index.js'
import {rejects} from '../support/rejects.js'
import {rowCounts, sampleRun, sampleSnapshot, temporaryPath, withLog} from './sample.js'

const processes = suite('several processes and one log')

const writer = fileURLToPath(new URL('./write-run.ts', import.meta.url))

function startWriter(path: string, name: string, count: number): ChildProcess {
  const args = ['--import', import.meta.resolve('tsx'), writer, path, name, String(count)]
  return spawn(process.execPath, args, {stdio: ['ignore', 'pipe', 'inherit']})
}

/** Everything in the log belongs to a whole snapshot, and SQLite finds nothing wrong. */
async function checkWhole({db}: Log): Promise<void> {
  const integrity = await sql`pragma integrity_check`.execute(db)
  assert.equal(integrity.rows, [{integrity_check: 'ok'}])
  assert.equal((await sql`pragma foreign_key_check`.execute(db)).rows, [])
  const {rows} = await sql<Record<string, number>>`
    select
      (select count(*) from points where snapshot_id = id) points,
      (select count(*) from distances where snapshot_id = id) distances,
      (select count(*) from bounds where snapshot_id = id) bounds,
      (select count(*) from layer_bounds where snapshot_id = id) layer_bounds,
      (select count(*) from measurements where snapshot_id = id) measurements,
      (select count(*) from timings where snapshot_id = id) timings,
      (select count(*) from summaries where snapshot_id = id) summaries
    from snapshots`.execute(db)
  for (const row of rows) {
    assert.equal(row, {
      points: 200,
      distances: 400,
      bounds: 800,
      layer_bounds: 2400,
      measurements: 400,
      timings: 2,
      summaries: 14,
    })
  }
}

processes('two write and one reads, and nothing is lost', async () => {
  const path = temporaryPath()
  await withLog(async () => undefined, path)
  const children = ['first', 'second'].map((name) => startWriter(path, name, 12))
  const codes = Promise.all(children.map(async (child) => (await once(child, 'close'))[0]))
  let done = false
  codes.finally(() => {
    done = true
  })
  const reader = await openLog(path, {readonly: true})
  while (!done) await checkWhole(reader)
  await reader.close()
  assert.equal(await codes, [0, 0])
  await withLog(async (log) => {
    await checkWhole(log)
    const rows = await sql`
      select name, status, group_concat(step, ' ') steps
      from (select * from runs join snapshots on run_id = runs.id order by step)
      group by name order by name`.execute(log.db)
    const steps = '0 1 2 3 4 5 6 7 8 9 10 11'
    assert.equal(
      rows.rows,
      ['first', 'second'].map((name) => ({name, status: 'finished', steps})),
    )
  }, path)
})

for (const acknowledged of [1, 4]) {
  processes(`a run is killed after ${acknowledged} snapshots, and keeps them`, async () => {
    const path = temporaryPath()
    const child = startWriter(path, 'killed', 1000)
    let said = ''
    for await (const data of child.stdout!) {
      said += data
      if (said.split('\n').length > acknowledged) child.kill('SIGKILL')
    }
    const stored = said.split('\n').slice(0, -1).map(Number)
    await withLog(async (log) => {
      await checkWhole(log)
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

processes(
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
      await checkWhole(log)
    }, path)
    assert.equal(readdirSync(dirname(path)), ['runs.db'])
  },
)

processes('one that waits too long says for what', async () => {
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

processes('a full disk costs the snapshot, not the log', async () => {
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

processes('an error is not hidden by a transaction that SQLite has ended itself', () =>
  withLog(async ({db}) => {
    const ended = db.transaction().execute(async (transaction) => {
      await sql`rollback`.execute(transaction)
      throw new Error('the first one')
    })
    await rejects(ended, /the first one/)
  }),
)

processes.run()
