import {readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {gunzipSync} from 'node:zlib'
import {sql} from 'kysely'
import * as assert from 'uvu/assert'
import {type Log, LogError, openLog} from '../../storage/index.js'
import {schemaVersion} from '../../storage/migrations.js'
import {
  type DatabaseName,
  databaseSuite,
  onServer,
  schemaOf,
  temporaryPath,
  temporaryPlace,
  temporarySchema,
} from '../support/databases.js'
import {rejects} from '../support/rejects.js'
import {rowCounts, sampleRun, sampleSnapshot, withLog} from './sample.js'

const versions = databaseSuite('logs of every version of the tables')

const folder = new URL('./fixtures/', import.meta.url)
const endings: Record<DatabaseName, string> = {SQLite: '.db.gz', PostgreSQL: '.sql.gz'}
const all = Array.from({length: schemaVersion}, (_, index) => index + 1)

/** A log as the release of that version left it. */
async function unpacked(database: DatabaseName, version: number): Promise<string> {
  const file = new URL(`version-${version}${endings[database]}`, folder)
  const bytes = gunzipSync(readFileSync(file))
  if (database === 'SQLite') {
    const path = temporaryPath()
    writeFileSync(path, bytes)
    return path
  }
  const place = await temporarySchema()
  await onServer(bytes.toString().replaceAll('the_schema', schemaOf(place)))
  return place
}

/** Changes with anything that is written: the bytes of the file, or the transactions that wrote. */
async function stateOf(database: DatabaseName, place: string): Promise<unknown> {
  if (database === 'SQLite') return readFileSync(place)
  const schema = schemaOf(place)
  return onServer(`
    select oid::text as number, relname::text as name
    from pg_class where relnamespace = '${schema}'::regnamespace
    union all select xmin::text, key || value from ${schema}.meta
    union all select xmin::text, id from ${schema}.runs
    union all select xmin::text, id::text from ${schema}.snapshots
    order by number, name`)
}

/** Rows that refer to what is not there; PostgreSQL holds to its foreign keys whoever writes. */
async function strays(database: DatabaseName, {db}: Log): Promise<unknown[]> {
  return database === 'SQLite' ? (await sql`pragma foreign_key_check`.execute(db)).rows : []
}

versions('are kept as files', (database) => {
  const kept = readdirSync(folder).filter((name) => name.endsWith(endings[database]))
  const expected = all.map((version) => `version-${version}${endings[database]}`)
  assert.equal(kept.toSorted(), expected.toSorted())
})

for (const version of all) {
  versions(
    `${version} opens with all that is in it, is brought up to date, and goes on`,
    async (database) => {
      const path = await unpacked(database, version)
      await withLog(async (log) => {
        assert.equal(await rowCounts(log), {
          snapshots: 2,
          points: 8,
          distances: 16,
          bounds: 32,
          layer_bounds: 64,
          measurements: 16,
          timings: 4,
          summaries: 28,
        })
        const run = await log.db.selectFrom('runs').selectAll().executeTakeFirstOrThrow()
        assert.is(run.name, `version ${version}`)
        assert.is(run.status, 'finished')
        assert.equal(JSON.parse(run.config), {rate: 0.1})
        const meta = log.db.selectFrom('meta').select('value').where('key', '=', 'schema_version')
        assert.equal(await meta.execute(), [{value: String(schemaVersion)}])
        const id = await log.startRun(sampleRun())
        await log.writeSnapshot(id, sampleSnapshot(0))
        const medians = await log.db.selectFrom('distance_summary').select('run').execute()
        assert.equal([...new Set(medians.map((median) => median.run))].length, 2)
        assert.equal(await strays(database, log), [])
      }, path)
    },
  )
}

versions('the newest is read as it is', async (database) => {
  const path = await unpacked(database, schemaVersion)
  const before = await stateOf(database, path)
  const log = await openLog(path, {readonly: true})
  assert.is((await log.db.selectFrom('timeline').selectAll().execute()).length, 2)
  await log.close()
  assert.equal(await stateOf(database, path), before)
})

versions('the newest is opened for writing as it is', async (database) => {
  const path = await unpacked(database, schemaVersion)
  // a file that was packed on its own gets its journal with the first opening
  await withLog((log) => log.db.selectFrom('runs').selectAll().execute(), path)
  const before = await stateOf(database, path)
  await withLog((log) => log.db.selectFrom('runs').selectAll().execute(), path)
  assert.equal(await stateOf(database, path), before)
})

versions('of a newer release are refused and left as they are', async (database) => {
  const path = await temporaryPlace()
  await withLog(async ({db}) => {
    await db.updateTable('meta').set({value: '99'}).where('key', '=', 'schema_version').execute()
  }, path)
  const before = await stateOf(database, path)
  for (const options of [{}, {readonly: true}, {create: false}]) {
    const error = await rejects(
      openLog(path, options),
      /was written by a newer release .* version 99, .* knows 1\); update/,
    )
    assert.instance(error, LogError)
    assert.ok(error.message.includes(path))
  }
  assert.equal(await stateOf(database, path), before)
})

versions.run()
