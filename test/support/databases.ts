import {randomBytes} from 'node:crypto'
import {mkdirSync} from 'node:fs'
import {join} from 'node:path'
import pg from 'pg'
import {type Context, suite} from 'uvu'
import * as assert from 'uvu/assert'
import {temporaryFolder} from './folder.js'
import {postgresBinaries} from './postgres/binaries.js'
import {type Server, startServer} from './postgres/server.js'

/** The databases that a log can be on. */
export const databases = ['SQLite', 'PostgreSQL'] as const
export type DatabaseName = (typeof databases)[number]

const folder = temporaryFolder()
let places = 0
let current: DatabaseName = 'SQLite'
let server: Promise<Server> | undefined

/** A path in a fresh folder of its own. */
export function temporaryPath(name = 'runs.db'): string {
  const own = join(folder, String(places++))
  mkdirSync(own)
  return join(own, name)
}

/** The server of this process, started when it is first asked for. */
export function sharedServer(): Promise<Server> {
  server ??= startServer()
  return server
}

/** Asks that server as somebody who knows nothing of logs; of several statements there are no rows. */
export async function onServer(text: string): Promise<unknown[]> {
  const client = new pg.Client({connectionString: (await sharedServer()).address})
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

/** The schema that an address names. */
export function schemaOf(address: string): string {
  return new URL(address).searchParams.get('schema')!
}

/** Address of a schema of its own, which is not there yet. */
export async function temporarySchema(): Promise<string> {
  const {address} = await sharedServer()
  return `${address}?schema=test_${places++}_${randomBytes(4).toString('hex')}`
}

/** Where a fresh log can be, on the database that the running test is for. */
export async function temporaryPlace(): Promise<string> {
  return current === 'SQLite' ? temporaryPath() : temporarySchema()
}

/** The database that the running test is for. */
export function currentDatabase(): DatabaseName {
  return current
}

/** A test that is told for which database it runs. */
type DatabaseTest = (database: DatabaseName) => Promise<void> | void

/** A suite of tests that each run once for each database. */
export interface DatabaseSuite {
  (name: string, test: DatabaseTest): void
  /** For what only one of them has. */
  on(database: DatabaseName, name: string, test: DatabaseTest): void
  run(): void
}

/**
 * uvu's `suite`, with each test once for each database: `withLog` and `temporaryPlace` follow. Where
 * there is no PostgreSQL its half is left out, loudly, and fails in CI.
 */
export function databaseSuite(name: string): DatabaseSuite {
  const tests = suite(name)
  const add = (database: DatabaseName, title: string, test: DatabaseTest) => {
    const isLacking = database === 'PostgreSQL' && !postgresBinaries()
    const register = isLacking && !process.env.CI ? tests.skip : tests
    register(`${title} [${database}]`, async (_: Context) => {
      if (isLacking) assert.unreachable(`${lacking}; in CI that is an error`)
      current = database
      await test(database)
    })
  }
  const each = (title: string, test: DatabaseTest) => {
    for (const database of databases) add(database, title, test)
  }
  if (!postgresBinaries()) console.log(`\n*** ${lacking}: ${name} is NOT tested on it.\n`)
  return Object.assign(each, {
    on: add,
    run: () => {
      tests.run()
    },
  })
}

/** A suite of tests that need a server. */
export interface ServerSuite {
  (name: string, test: () => Promise<void> | void): void
  /** Before all of them, where there is a server. */
  before(hook: () => Promise<void>): void
  run(): void
}

/** `databaseSuite` for what is about PostgreSQL alone. */
export function serverSuite(name: string): ServerSuite {
  const {on, run} = databaseSuite(name)
  let prepare: (() => Promise<void>) | undefined
  const add = (title: string, test: () => Promise<void> | void) =>
    on('PostgreSQL', title, async () => {
      const work = prepare
      prepare = undefined
      await work?.()
      await test()
    })
  return Object.assign(add, {
    before: (hook: () => Promise<void>) => {
      prepare = hook
    },
    run,
  })
}

const lacking =
  'PostgreSQL is not there (its programs initdb and postgres; on Debian `apt-get install postgresql`)'
