import {chmodSync, copyFileSync, readdirSync, readFileSync} from 'node:fs'
import {dirname} from 'node:path'
import {sql} from 'kysely'
import * as assert from 'uvu/assert'
import {type Log, openLog} from '../../storage/index.js'
import {
  type DatabaseName,
  databaseSuite,
  onServer,
  schemaOf,
  temporaryPath,
  temporarySchema,
} from '../support/databases.js'
import {rejects} from '../support/rejects.js'
import {rowCounts, sampleRun, sampleSnapshot, withLog} from './sample.js'

const reading = databaseSuite('reading a log')

async function sampleLog(database: DatabaseName, journalMode?: 'wal' | 'delete') {
  const path = database === 'SQLite' ? temporaryPath('runs 100% #1?.db') : await temporarySchema()
  const log = await openLog(path, journalMode ? {journalMode} : {})
  const runId = await log.startRun(sampleRun())
  await log.writeSnapshot(runId, sampleSnapshot(0))
  await log.close()
  return {path, runId}
}

const readonly = {readonly: true}
const filesBeside = (path: string) => readdirSync(dirname(path))
const steps = ({db}: Pick<Log, 'db'>) =>
  db.selectFrom('snapshots').select('step').orderBy('step').execute()
const stepsOf = async (log: Log) => (await steps(log)).map(({step}) => step)

/** Writes in words that only one of them knows. */
const ownWrites: Record<DatabaseName, string> = {
  SQLite: 'pragma user_version = 7',
  PostgreSQL: 'create temp table t (a int)',
}

async function refusesEveryWrite(database: DatabaseName, path: string, runId: string) {
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
    () => sql.raw(ownWrites[database]).execute(log.db),
  ]
  for (const write of writes) {
    await rejects(
      write(),
      /^(database: ".*" cannot be written; open it for writing|resume: .* alive)/,
    )
  }
  assert.equal(await stepsOf(log), [0])
  await log.close()
}

async function seesWhatIsWritten(path: string, runId: string) {
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
}

// a file has a journal and bytes, a schema has not
for (const journalMode of ['wal', 'delete'] as const) {
  reading.on(
    'SQLite',
    `leaves nothing beside the file and the file as it is (${journalMode})`,
    async (database) => {
      const {path} = await sampleLog(database, journalMode)
      const before = readFileSync(path)
      const log = await openLog(path, readonly)
      assert.equal(await stepsOf(log), [0])
      assert.equal(filesBeside(path), ['runs 100% #1?.db'])
      await log.close()
      assert.equal(filesBeside(path), ['runs 100% #1?.db'])
      assert.equal(readFileSync(path), before)
    },
  )

  reading.on('SQLite', `refuses every write (${journalMode})`, async (database) => {
    const {path, runId} = await sampleLog(database, journalMode)
    const before = readFileSync(path)
    await refusesEveryWrite(database, path, runId)
    assert.equal(readFileSync(path), before)
  })

  reading.on(
    'SQLite',
    `sees what is written meanwhile, and after that (${journalMode})`,
    async (database) => {
      const {path, runId} = await sampleLog(database, journalMode)
      await seesWhatIsWritten(path, runId)
    },
  )
}

reading.on('PostgreSQL', 'refuses every write', async (database) => {
  const {path, runId} = await sampleLog(database)
  await refusesEveryWrite(database, path, runId)
})

reading.on('PostgreSQL', 'sees what is written meanwhile, and after that', async (database) => {
  const {path, runId} = await sampleLog(database)
  await seesWhatIsWritten(path, runId)
})

reading('sees what was written between two queries by somebody who is gone', async (database) => {
  const {path, runId} = await sampleLog(database)
  const reader = await openLog(path, readonly)
  await withLog((writer) => writer.writeSnapshot(runId, sampleSnapshot(1)), path)
  assert.equal(await stepsOf(reader), [0, 1])
  await reader.close()
  if (database === 'SQLite') assert.equal(filesBeside(path), ['runs 100% #1?.db'])
})

reading.on(
  'SQLite',
  'says so where the log changed in the middle of a transaction',
  async (database) => {
    const {path, runId} = await sampleLog(database)
    const reader = await openLog(path, readonly)
    const twice = reader.db.transaction().execute(async (transaction) => {
      await steps({db: transaction})
      await withLog((writer) => writer.writeSnapshot(runId, sampleSnapshot(1)), path)
      return steps({db: transaction})
    })
    await rejects(twice, /changed meanwhile; read it again/)
    const again = await reader.db.transaction().execute((transaction) => steps({db: transaction}))
    assert.is(again.length, 2)
    await reader.close()
  },
)

reading.on(
  'PostgreSQL',
  'sees one moment throughout a transaction that asks for it',
  async (database) => {
    const {path, runId} = await sampleLog(database)
    const reader = await openLog(path, readonly)
    const oneMoment = reader.db.transaction().setIsolationLevel('repeatable read')
    const [before, after] = await oneMoment.execute(async (transaction) => {
      const first = await steps({db: transaction})
      await withLog((writer) => writer.writeSnapshot(runId, sampleSnapshot(1)), path)
      return [first, await steps({db: transaction})]
    })
    assert.equal(after, before)
    assert.equal(await stepsOf(reader), [0, 1])
    await reader.close()
  },
)

reading('works beside a writer, several at once, and with the views', async (database) => {
  const {path, runId} = await sampleLog(database)
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

reading.on('SQLite', 'needs no right to write the file', async (database) => {
  const {path} = await sampleLog(database, 'wal')
  chmodSync(path, 0o444)
  const log = await openLog(path, readonly)
  assert.equal(await stepsOf(log), [0])
  await log.close()
})

reading.on('PostgreSQL', 'needs no right but to read the tables', async (database) => {
  const {path} = await sampleLog(database)
  const schema = schemaOf(path)
  await onServer(`create role reader login; grant usage on schema ${schema} to reader;
    grant select on all tables in schema ${schema} to reader`)
  const place = path.replace('tester@', 'reader@')
  const log = await openLog(place, readonly)
  assert.equal(await stepsOf(log), [0])
  await log.close()
  const writer = await openLog(place)
  await rejects(writer.startRun(sampleRun()), /may not be read or written by that user; ask for/)
  await writer.close()
})

reading.on('SQLite', 'a copy of the file is reading that log', async (database) => {
  const {path} = await sampleLog(database, 'wal')
  const copy = temporaryPath('copy.db')
  copyFileSync(path, copy)
  const log = await openLog(copy, readonly)
  assert.equal(await stepsOf(log), [0])
  assert.is(log.path, copy)
  await log.close()
})

reading.run()
