import {resolve} from 'node:path'
import {CompiledQuery, type Dialect, type Kysely, sql, type TransactionSettings} from 'kysely'
import {GenericSqliteDialect, type IGenericSqlite} from 'kysely-generic-sqlite'
import type {LogDialect} from './dialect.js'
import {LogError} from './errors.js'
import {insertRows} from './insert-rows.js'
import type {Database} from './schema.js'
import {checkWritable, type FileState, lookAtFile} from './sqlite-file.js'
import {type Handle, openHandle} from './sqlite-handle.js'
import {type OpenPlace, openPlace} from './sqlite-place.js'
import {openReader} from './sqlite-reader.js'
import type {BusyTimeout} from './while-locked.js'

export interface SqliteOptions {
  readonly readonly: boolean
  readonly create: boolean
  readonly journalMode: 'wal' | 'delete' | undefined
  /** Milliseconds. */
  readonly busyTimeout: BusyTimeout
  readonly signal?: AbortSignal | undefined
}

/**
 * A log in one SQLite file, through the npm package sqlite3.
 *
 * @throws LogError where the path cannot be a log
 */
export function sqliteDialect(path: string, options: SqliteOptions): LogDialect {
  const inMemory = path === ':memory:'
  const state: FileState = inMemory ? 'absent' : lookAtFile(path)
  if (state === 'absent' && (options.readonly || !options.create)) {
    throw new LogError(`database: there is no file "${path}"; check the path`)
  }
  if (!options.readonly && !inMemory) checkWritable(path, state)
  let place: OpenPlace | undefined
  const isNew = state === 'absent' || state === 'empty'
  const dialect: LogDialect = {
    place: path,
    exists: !isNew,
    mayCreate: options.create,
    maxParameters: 32766,
    bytes: 'blob',
    text: 'text',
    longInteger: 'integer',
    reader: (salvage = false) =>
      generic(
        () => openReader(resolve(path), options.busyTimeout, salvage, options.signal),
        'begin',
      ),
    writer: () =>
      generic(
        () => {
          const access = options.create ? 'create' : 'write'
          return openHandle(path, path, access, options.busyTimeout, options.signal)
        },
        // a plain begin that reads before it writes fails at once where another process writes
        'begin immediate',
      ),
    // a transaction that writes has the file for itself
    lockTables: async () => undefined,
    async prepare(db) {
      const asked = options.journalMode ?? (isNew ? 'wal' : undefined)
      const mode = await journalMode(db, asked)
      if (asked && mode !== asked && !inMemory) {
        throw new LogError(
          `journalMode: expected ${asked} for "${path}", got ${mode}; close others`,
        )
      }
      // with a WAL a power cut loses at most the last commits, never the file's consistency
      if (mode === 'wal') await sql`pragma synchronous = normal`.execute(db)
      await sql`pragma foreign_keys = on`.execute(db)
      if (!inMemory) place = openPlace(path)
    },
    checkPlace: () => place?.check(),
    async relations(db) {
      const found = await sql<{name: string}>`
        select name from sqlite_master
        where type in ('table', 'view') and name not like 'sqlite_%'`.execute(db)
      return found.rows.map((row) => row.name)
    },
    insert: (transaction, rows) => insertRows(transaction, dialect, rows),
    forUpdate: (query) => query,
    columnNames: async (db, statement) => {
      await sql.raw(`create temp view "the answer" as ${statement}`).execute(db)
      const found = await sql
        .raw<{name: string}>('pragma temp.table_info("the answer")')
        .execute(db)
      return found.rows.map(({name}) => name)
    },
    renamed: () => 'select * from temp."the answer"',
    complaint(error) {
      const {code = '', message} = error as NodeJS.ErrnoException
      return code.startsWith('SQLITE_') ? message.replace(/^SQLITE_\w+: /, '') : undefined
    },
    parameter: (n) => `?${n}`,
    generatedKey: (column) => column.autoIncrement(),
    sortedByKey: (table) => table.modifyEnd(sql`without rowid`),
    secondsSince: (column) =>
      sql<number>`(julianday('now') - julianday(${sql.ref(column)})) * 86400.0`,
  }
  return dialect
}

function generic(open: () => Promise<Handle>, begin: string): Dialect {
  const executor = async (): Promise<IGenericSqlite> => {
    const handle = await open()
    return {
      db: handle,
      query: (_isSelect, text, parameters) => handle.query(text, parameters),
      iterator: (_isSelect, text, parameters) => handle.rows(text, parameters),
      close: () => handle.close(),
    }
  }
  const dialect = new GenericSqliteDialect(executor)
  const createDriver = dialect.createDriver
  dialect.createDriver = () => {
    const driver = createDriver()
    driver.beginTransaction = async (connection, settings: TransactionSettings) => {
      const only = settings.accessMode === 'read only'
      await connection.executeQuery(CompiledQuery.raw(only ? 'begin' : begin))
    }
    driver.rollbackTransaction = async (connection) => {
      // after a full disk SQLite has rolled back already; saying so would hide the first error
      await connection.executeQuery(CompiledQuery.raw('rollback')).catch(() => undefined)
    }
    return driver
  }
  return dialect
}

async function journalMode(
  db: Kysely<Database>,
  asked: string | undefined,
): Promise<string | undefined> {
  const statement = asked ? sql`pragma journal_mode = ${sql.raw(asked)}` : sql`pragma journal_mode`
  const answer = await statement.execute(db)
  return (answer.rows[0] as {journal_mode: string} | undefined)?.journal_mode
}
