import {statSync} from 'node:fs'
import {sql} from 'kysely'
import * as assert from 'uvu/assert'
import {type Log, openLog} from '../../storage/index.js'
import {type DatabaseName, databaseSuite, temporaryPlace} from '../support/databases.js'
import {questions} from './questions.js'
import {sampleRun, sampleSnapshot, withLog} from './sample.js'

const large = databaseSuite('a log of twenty runs of fifty snapshots')

const runs = 20
const snapshots = 50
const rules = [0.001, 0.003, 0.01, 0.03].map((factor) => `median-pair*${factor}`)
const size = {points: 512, layers: 4, rules}
const tables = ['points', 'distances', 'bounds', 'layer_bounds', 'measurements'] as const

/** Where it is, and the id of a run in its middle. */
const written = new Map<DatabaseName, Promise<{path: string; middle: string}>>()

function largeLog(database: DatabaseName) {
  const known = written.get(database) ?? write()
  written.set(database, known)
  return known
}

async function write() {
  const path = await temporaryPlace()
  let middle = ''
  await withLog(async (log) => {
    for (let run = 0; run < runs; run++) {
      const id = await log.startRun(sampleRun({name: `run ${run}`}))
      if (run === runs / 2) middle = id
      for (let step = 0; step < snapshots; step++) {
        await log.writeSnapshot(id, sampleSnapshot(step, {}, size))
      }
      await log.finishRun(id, 'finished')
    }
    // a server does so by itself after a while, but that of the tests never
    if (path.startsWith('postgres')) await sql`vacuum analyze`.execute(log.db)
  }, path)
  return {path, middle}
}

async function rowsIn({db}: Log): Promise<number> {
  let all = 0
  for (const table of tables) {
    const {rows} = await sql<{n: number}>`select count(*) n from ${sql.table(table)}`.execute(db)
    all += rows[0]!.n
  }
  return all
}

/** Keys and indexes included. */
async function bytesOf({db, path}: Log): Promise<number> {
  if (!path.startsWith('postgres')) return statSync(path).size
  const {rows} = await sql<{bytes: number}>`
    select sum(pg_total_relation_size(oid)) as bytes from pg_class
    where relnamespace = current_schema()::regnamespace and relkind = 'r'`.execute(db)
  return rows[0]!.bytes
}

// a row of PostgreSQL has a header, and a key apart from it
const mostBytes: Record<DatabaseName, number> = {SQLite: 70, PostgreSQL: 200}

large('has more than sixteen million rows, and few bytes for each', async (database) => {
  const {path} = await largeLog(database)
  const log = await openLog(path, {readonly: true})
  const rows = await rowsIn(log)
  const bytes = (await bytesOf(log)) / rows
  await log.close()
  console.log(`\n${database}: ${rows} rows, ${bytes.toFixed(1)} bytes a row`)
  assert.ok(rows > 16e6)
  assert.ok(bytes < mostBytes[database])
})

// milliseconds; the least of three times, since other work may be going on
const limits = {view: 1000, rows: 2000}

for (const place of questions('', '').keys()) {
  large(`answers question ${place} about one run in time`, async (database) => {
    const {path, middle} = await largeLog(database)
    const {name, kind, text} = questions(middle, `run ${runs / 2}`)[place]!
    const log = await openLog(path, {readonly: true})
    const times: number[] = []
    for (let time = 0; time < 3; time++) {
      const started = performance.now()
      const {rows} = await sql.raw(text).execute(log.db)
      times.push(performance.now() - started)
      assert.ok(rows.length >= snapshots, name)
    }
    await log.close()
    console.log(`\n${database}, ${name}: ${times.map((ms) => ms.toFixed(0)).join(', ')} ms`)
    assert.ok(Math.min(...times) < limits[kind], name)
  })
}

large.run()
