import {sql} from 'kysely'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {LogError, openLog} from '../../storage/index.js'
import {withoutPasswords} from '../../storage/postgres-address.js'
import {
  onServer,
  schemaOf,
  serverSuite,
  sharedServer,
  temporarySchema,
} from '../support/databases.js'
import {freePort} from '../support/postgres/server.js'
import {rejects} from '../support/rejects.js'
import {sampleRun, withLog} from './sample.js'

const address = suite('the address of a log')

address('with a password is refused, and the password not repeated', async () => {
  for (const given of [
    'postgres://anna:hunter2@127.0.0.1/study',
    'postgresql://anna@127.0.0.1/study?password=hunter2',
    'postgres://anna:hunter2@127.0.0.1:port/study',
    'mysql://anna:hunter2@127.0.0.1/study',
  ]) {
    const error = await rejects(openLog(given), /^database: expected/)
    assert.instance(error, LogError)
    assert.not.match(`${error.message} ${error.stack}`, 'hunter2')
  }
})

address('is kept without its password, wherever it stands in a command line', () => {
  const cases: [string, string][] = [
    ['postgres://anna:hunter2@host/db', 'postgres://anna:***@host/db'],
    ['--log=postgres://anna:p@ss:w/rd@host/db', '--log=postgres://anna:***@host/db'],
    ['postgres://anna@host/db?password=hunter2&a=b', 'postgres://anna@host/db?password=***&a=b'],
    ['postgres://anna@host:5432/db?schema=a', 'postgres://anna@host:5432/db?schema=a'],
    ['https://host/a@b', 'https://host/a@b'],
  ]
  for (const [given, kept] of cases) assert.is(withoutPasswords(given), kept)
})

address('names a database, and a schema that PostgreSQL takes as it is', async () => {
  await rejects(openLog('postgres://host'), /which names no database/)
  for (const schema of ['', '$user', 'x'.repeat(64), 'é'.repeat(32)]) {
    const given = `postgres://host/db?schema=${encodeURIComponent(schema)}`
    await rejects(openLog(given), /expected a schema of 1 to 63 bytes/)
  }
})

address.run()

const test = serverSuite('a log on PostgreSQL')

test('can be in a schema of any name', async () => {
  const {address} = await sharedServer()
  for (const name of ['a b', 'Ä"; drop schema public; --', "o'clock", '100%']) {
    const place = `${address}?schema=${encodeURIComponent(name)}`
    await withLog(async (log) => {
      await log.startRun(sampleRun({name}))
      const rows = await sql`select current_schema() as name`.execute(log.db)
      assert.equal(rows.rows, [{name}])
    }, place)
    const log = await openLog(place, {readonly: true})
    assert.equal(await log.db.selectFrom('runs').select('name').execute(), [{name}])
    await log.close()
  }
})

test('is refused where the schema holds something else, and that is left as it is', async () => {
  const place = await temporarySchema()
  const name = schemaOf(place)
  await onServer(`create schema ${name}; create table ${name}.meta (key text, value text)`)
  for (const options of [{}, {readonly: true}, {create: false}]) {
    await rejects(openLog(place, options), /is no log of linear regions; it was left as it is/)
  }
  await onServer(`drop table ${name}.meta; drop schema ${name}`)
})

test('is made in a schema that is there and empty', async () => {
  const place = await temporarySchema()
  await onServer(`create schema ${schemaOf(place)}`)
  await withLog((log) => log.startRun(sampleRun()), place)
})

test('is not made where it may not be', async () => {
  const place = await temporarySchema()
  await rejects(openLog(place, {create: false, spool: false}), /is empty and holds no log; check/)
  await rejects(openLog(place, {readonly: true}), /is empty and holds no log; check/)
  const again = await withLog((log) => log.db.selectFrom('runs').selectAll().execute(), place)
  assert.equal(again, [])
})

test('says in one line where there is no server, no database or no right', async () => {
  const {port} = await sharedServer()
  const nobody = `postgres://tester@127.0.0.1:${await freePort()}/postgres`
  await rejects(openLog(nobody, {readonly: true}), /cannot be reached \(ECONNREFUSED\); check/)
  await rejects(openLog(nobody, {spool: false}), /cannot be reached \(ECONNREFUSED\)/)
  const nowhere = `postgres://tester@127.0.0.1:${port}/nowhere`
  await rejects(openLog(nowhere), /".*nowhere" does not exist on that server; create it/)
  await onServer('create role guest login')
  const guest = `postgres://guest@127.0.0.1:${port}/postgres?schema=guests`
  await rejects(openLog(guest), /may not be read or written by that user; ask for the right/)
})

test('gives numbers, truth, bytes and times as SQLite gives them', async () => {
  await withLog(
    async ({db}) => {
      const found = await sql`
      select count(*) as n, 9007199254740993 as big, 0.1::float8 + 0.2 as sum,
        'Infinity'::float8 as far, 7::numeric / 2 as half, true as yes, '\\x00ff'::bytea as bytes,
        null as nothing, '2026-01-31 10:00+00'::timestamptz as time, '{"a": 1}'::jsonb as json`.execute(
        db,
      )
      assert.equal(found.rows, [
        {
          n: 1,
          big: '9007199254740993',
          sum: 0.30000000000000004,
          far: Infinity,
          half: 3.5,
          yes: 1,
          bytes: Buffer.from([0, 255]),
          nothing: null,
          time: '2026-01-31 10:00:00+00',
          json: '{"a": 1}',
        },
      ])
    },
    await temporarySchema(),
  )
})

test('keeps no password of the command line in the row of a run', async () => {
  await withLog(
    async (log) => {
      await log.startRun(sampleRun({argv: ['train.js', '--log', 'postgres://anna:hunter2@h/db']}))
      const {argv} = await log.db.selectFrom('runs').select('argv').executeTakeFirstOrThrow()
      assert.is(argv, '["train.js","--log","postgres://anna:***@h/db"]')
    },
    await temporarySchema(),
  )
})

test.run()
