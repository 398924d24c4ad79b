import {Kysely, type Migration, sql} from 'kysely'
import * as assert from 'uvu/assert'
import {postgresDialect} from '../../storage/dialect-postgres.js'
import {sqliteDialect} from '../../storage/dialect-sqlite.js'
import {type Database, type Log, LogError} from '../../storage/index.js'
import {migrate, migrations} from '../../storage/migrations.js'
import {catalogs} from '../support/catalog.js'
import {type DatabaseName, databaseSuite, schemaOf, temporaryPlace} from '../support/databases.js'
import {rejects} from '../support/rejects.js'
import {openTogether} from './open-together.js'
import {sampleRun, sampleSnapshot, temporaryPath, withLog} from './sample.js'

const migrating = databaseSuite('migrations')

const addColour: Migration = {
  up: (db) => db.schema.alterTable('runs').addColumn('colour', 'text').execute(),
}
const breakDown: Migration = {
  async up(db) {
    await db.schema.createTable('half_made').addColumn('id', 'integer').execute()
    await db.deleteFrom('runs').execute()
    throw new Error('no idea')
  },
}

const further = (log: Log, more: Record<string, Migration>) => ({
  getMigrations: async () => ({...(await migrations(log.dialect).getMigrations()), ...more}),
})

const contents = async (database: DatabaseName, {db}: Log) => [
  await Promise.all(
    (await catalogs[database].tables(db)).map((table) => catalogs[database].columns(db, table)),
  ),
  await db.selectFrom('meta').selectAll().orderBy('key').execute(),
  await db.selectFrom('runs').selectAll().execute(),
]

migrating('that fail leave the log as it was, with what succeeded before them', (database) =>
  withLog(async (log) => {
    const runId = await log.startRun(sampleRun())
    await log.writeSnapshot(runId, sampleSnapshot(0))
    const before = await contents(database, log)
    const provider = further(log, {'002-colour': addColour, '003-break': breakDown})
    const error = await rejects(migrate(log.db, log.dialect, provider), /^database: /)
    assert.instance(error, LogError)
    assert.match(error.message, /left at version 1, migration 003-break failed \(no idea\)/)
    assert.equal(await contents(database, log), before)
    await log.writeSnapshot(runId, sampleSnapshot(1))
  }),
)

migrating.on('SQLite', 'that fail in a new log leave nothing, and may be tried again', async () => {
  const path = temporaryPath()
  const options = {readonly: false, create: true, journalMode: undefined, busyTimeout: 1000}
  const dialect = sqliteDialect(path, options)
  const db = new Kysely<Database>({dialect: dialect.writer()})
  const provider = {getMigrations: async () => ({'001-break': breakDown})}
  await rejects(migrate(db, dialect, provider), /left at version 0, migration 001-break failed/)
  assert.equal(await dialect.relations(db), [])
  await db.destroy()
  await withLog((log) => log.startRun(sampleRun()), path)
})

migrating('run once, in order, and keep what is logged', (database) =>
  withLog(async (log) => {
    const runId = await log.startRun(sampleRun())
    await log.writeSnapshot(runId, sampleSnapshot(0))
    const provider = further(log, {'002-colour': addColour})
    const changes = () =>
      database === 'SQLite'
        ? sql`pragma schema_version`.execute(log.db)
        : sql`select oid from pg_class where relname = 'timeline' order by oid`.execute(log.db)
    await migrate(log.db, log.dialect, provider)
    const before = await changes()
    await migrate(log.db, log.dialect, provider)
    assert.equal(await changes(), before)
    const {rows} = await sql`select name, colour from runs`.execute(log.db)
    assert.equal(rows, [{name: 'sample', colour: null}])
    const version = await sql`select value from meta where key = 'schema_version'`.execute(log.db)
    assert.equal(version.rows, [{value: '2'}])
    assert.is((await log.db.selectFrom('timeline').selectAll().execute()).length, 1)
  }),
)

migrating('of a new log that several processes open at once are done once', () =>
  openTogether(4, 2, true),
)

migrating.on('PostgreSQL', 'that fail in a new schema leave no schema', async () => {
  const place = await temporaryPlace()
  const options = {create: true, busyTimeout: 1000, connectTimeout: 5000}
  const dialect = await postgresDialect(place, options)
  const db = new Kysely<Database>({dialect: dialect.writer()})
  const provider = {getMigrations: async () => ({'001-break': breakDown})}
  await rejects(migrate(db, dialect, provider), /left at version 0, migration 001-break failed/)
  const schema = schemaOf(place)
  const left = await sql`select 1 from pg_namespace where nspname = ${schema}`.execute(db)
  assert.equal(left.rows, [])
  await db.destroy()
  await withLog((log) => log.startRun(sampleRun()), place)
})

migrating.run()
