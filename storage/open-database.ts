import {existsSync} from 'node:fs'
import {type Dialect, Kysely} from 'kysely'
import type {LogDialect} from './dialect.js'
import {type PostgresLogDialect, postgresDialect} from './dialect-postgres.js'
import {sqliteDialect} from './dialect-sqlite.js'
import {LogError} from './errors.js'
import {readVersion} from './meta.js'
import {checkVersion, holdsNoLog, migrate, schemaVersion} from './migrations.js'
import {isPostgresAddress, withoutPasswords} from './postgres-address.js'
import type {Database} from './schema.js'
import type {BusyTimeout} from './while-locked.js'

/** How `openLog` opens a log; some are of SQLite or of a server alone, and of no account elsewhere. */
export interface LogOptions {
  /** Open so that nothing can be written, and leave no file beside the log. Default: false. */
  readonly readonly?: boolean
  /** Make the file, or schema and tables, if there are none. Never done if `readonly`. Default: true. */
  readonly create?: boolean
  /**
   * How SQLite keeps transactions whole. `'wal'` lets others read while one writes, but not on
   * network disks: use `'delete'` there. Default: `'wal'` for a new file, an existing one's own.
   */
  readonly journalMode?: 'wal' | 'delete'
  /** Milliseconds to wait while another process writes. Default: 60,000. */
  readonly busyTimeout?: number
  /** Milliseconds that a call waits for a server, delivering what was kept included. Default: 5,000; 30,000 without a spool. */
  readonly patience?: number
  /**
   * Folder for the files that keep what is logged while a server is away, one for each run; it must
   * be there. False: then logging is an error. Default: the working folder.
   */
  readonly spool?: string | false
  /** Told in one sentence when a server goes away, and when it is back. Default: `console.warn`. */
  readonly warn?: (sentence: string) => void
  /** Once aborted, queries end with an error, the one under way too. For long ones that only read. */
  readonly signal?: AbortSignal
}

/** `LogOptions`, and how long a file is waited for where that changes while it is open. */
export interface OpenOptions extends LogOptions {
  /** In place of `busyTimeout`. */
  readonly waiting?: BusyTimeout
}

/** A database that is known to be a log of this release's version. */
export interface OpenDatabase {
  readonly db: Kysely<Database>
  readonly dialect: LogDialect
}

/**
 * Opens a database, looks at what it is, and brings its tables to the newest version.
 *
 * @throws LogError as `openLog` does
 */
export async function openDatabase(place: string, options: OpenOptions): Promise<OpenDatabase> {
  const dialect = await chooseDialect(place, options)
  const db = await (options.readonly ? openReader(dialect) : openWriter(dialect))
  return {db, dialect}
}

/**
 * Whether there is a log, or at least a file; nothing is made.
 *
 * @throws LogError where the server cannot be reached, or the schema holds something else
 */
export async function hasLog(place: string): Promise<boolean> {
  if (!isPostgresAddress(place)) return existsSync(place)
  const dialect = await chooseDialect(place, {readonly: true})
  let version = 0
  const db = await guarded(dialect, dialect.reader(), async (reader) => {
    version = await readVersion(reader, dialect)
  })
  await db.destroy()
  return version > 0
}

/** As `openDatabase` for writing, but asks the server nothing before `check` is called. */
export async function prepareServer(place: string, options: LogOptions) {
  const dialect = (await chooseDialect(place, options)) as PostgresLogDialect
  const check = async () => {
    await (await openWriter(dialect)).destroy()
  }
  return {db: new Kysely<Database>({dialect: dialect.writer()}), dialect, check}
}

async function chooseDialect(database: string, options: OpenOptions): Promise<LogDialect> {
  const {readonly = false, create = true, journalMode, busyTimeout = 60_000, signal} = options
  if (typeof database !== 'string' || database === '' || database.includes('\0')) {
    throw new LogError(`database: expected a path, got ${JSON.stringify(database)}`)
  }
  if (/^\w{2,}:\/\//.test(database) && !isPostgresAddress(database)) {
    throw new LogError(
      `database: expected the path of a SQLite file or postgres://..., got ${withoutPasswords(database)}`,
    )
  }
  if (journalMode !== undefined && journalMode !== 'wal' && journalMode !== 'delete') {
    throw new LogError(`journalMode: expected 'wal' or 'delete', got ${journalMode}`)
  }
  if (!Number.isSafeInteger(busyTimeout) || busyTimeout < 0) {
    throw new LogError(`busyTimeout: expected whole milliseconds, got ${busyTimeout}`)
  }
  const {patience = unhurried} = options
  if (!Number.isSafeInteger(patience) || patience <= 0) {
    throw new LogError(`patience: expected whole milliseconds above 0, got ${patience}`)
  }
  if (isPostgresAddress(database)) {
    const connectTimeout = patience
    return postgresDialect(database, {create, busyTimeout, connectTimeout, signal})
  }
  const waiting = options.waiting ?? busyTimeout
  return sqliteDialect(database, {readonly, create, journalMode, busyTimeout: waiting, signal})
}

/** Milliseconds to wait for a server where nothing else can be done. */
const unhurried = 30_000

async function openReader(dialect: LogDialect): Promise<Kysely<Database>> {
  return guarded(dialect, dialect.reader(), async (db) => {
    checkVersion(await readVersion(db, dialect), dialect.place, true)
  })
}

// what is there is looked at through a connection that cannot write: even closing one that can
// would change a file that another program left half written
async function openWriter(dialect: LogDialect): Promise<Kysely<Database>> {
  let version = 0
  if (dialect.exists || !dialect.mayCreate) {
    const reader = await guarded(dialect, dialect.reader(true), async (db) => {
      version = await readVersion(db, dialect)
      checkVersion(version, dialect.place, false)
      if (version === 0 && !dialect.mayCreate) throw holdsNoLog(dialect.place)
    })
    await reader.destroy()
  }
  return guarded(dialect, dialect.writer(), async (db) => {
    if (version < schemaVersion) await migrate(db, dialect)
    await dialect.prepare(db)
  })
}

async function guarded(
  {place}: LogDialect,
  dialect: Dialect,
  work: (db: Kysely<Database>) => Promise<void>,
): Promise<Kysely<Database>> {
  const db = new Kysely<Database>({dialect})
  try {
    await work(db)
    return db
  } catch (cause) {
    await db.destroy().catch(() => undefined)
    if (cause instanceof LogError) throw cause
    const [why] = String((cause as Error).message).split('\n')
    throw new LogError(`database: "${place}" cannot be opened (${why}); name another`, {cause})
  }
}
