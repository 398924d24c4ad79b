import type {QueryResult} from 'kysely'
import sqlite3 from 'sqlite3'
import {LogError} from './errors.js'
import {sqliteOpened} from './sqlite-descriptors.js'
import {type BusyTimeout, whileLocked} from './while-locked.js'

/** One open SQLite connection, with promises. */
export interface Handle {
  query(sql: string, parameters?: readonly unknown[]): Promise<QueryResult<unknown>>
  /** The rows one after another, so that they need not fit into memory; four times as slow. */
  rows(sql: string, parameters?: readonly unknown[]): AsyncGenerator<unknown>
  close(): Promise<void>
}

/** How to open: `create` makes the file if there is none, `frozen` promises that nobody writes. */
export type Access = 'read' | 'write' | 'create' | 'frozen'

const flags = {
  read: sqlite3.OPEN_READONLY,
  write: sqlite3.OPEN_READWRITE,
  create: sqlite3.OPEN_READWRITE | sqlite3.OPEN_CREATE,
  frozen: sqlite3.OPEN_READONLY | sqlite3.OPEN_URI,
}

// Kysely marks only what its builder built; sqlite3 returns rows from `all` alone
const returnsRows = /^\s*(select|pragma|with|explain|values)\b|\breturning\b/i

/**
 * Opens `file`; `place` is what messages call it. `busyTimeout` in milliseconds. Once `signal` is
 * aborted, statements end with an error, and no other begins.
 */
export async function openHandle(
  file: string,
  place: string,
  access: Access,
  busyTimeout: BusyTimeout,
  signal?: AbortSignal,
): Promise<Handle> {
  const database = await new Promise<sqlite3.Database>((resolve, reject) => {
    const opened = new sqlite3.Database(file, flags[access], (error) =>
      error ? reject(explain(error, place)) : resolve(opened),
    )
  })
  // SQLite takes no lock before the first statement.
  const closed = sqliteOpened(place)
  database.configure('busyTimeout', 0)
  const refuseAborted = () => {
    if (signal?.aborted) throw interruption(place)
  }
  const patiently = async <T>(work: () => Promise<T>): Promise<T> => {
    refuseAborted()
    return whileLocked(work, (error) => codeOf(error) === 'SQLITE_BUSY', busyTimeout, signal)
  }
  let interrupting: NodeJS.Timeout | undefined
  const interrupt = () => {
    // again and again, since a statement that has not begun yet takes no notice
    interrupting = setInterval(() => database.interrupt(), 10)
  }
  signal?.addEventListener('abort', interrupt, {once: true})

  const all = (sql: string, parameters: readonly unknown[]) =>
    new Promise<QueryResult<unknown>>((resolve, reject) => {
      database.all(sql, parameters, (error: Error | null, rows: unknown[]) =>
        error ? reject(explain(error, place)) : resolve({rows}),
      )
    })

  const run = (sql: string, parameters: readonly unknown[]) =>
    new Promise<QueryResult<unknown>>((resolve, reject) => {
      database.run(sql, parameters, function (error: Error | null) {
        if (error) return reject(explain(error, place))
        const {changes, lastID} = this
        resolve({rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastID)})
      })
    })

  const prepare = (sql: string) =>
    new Promise<sqlite3.Statement>((resolve, reject) => {
      const statement = database.prepare(sql, (error: Error | null) =>
        error ? reject(explain(error, place)) : resolve(statement),
      )
    })

  const step = (statement: sqlite3.Statement, parameters: readonly unknown[]) =>
    new Promise<unknown>((resolve, reject) => {
      statement.get(...parameters, (error: Error | null, row: unknown) =>
        error ? reject(explain(error, place)) : resolve(row),
      )
    })

  return {
    async *rows(sql, parameters = []) {
      for (const parameter of parameters) refuseLoss(parameter)
      const statement = await patiently(() => prepare(sql))
      try {
        let row = await patiently(() => step(statement, parameters))
        while (row !== undefined) {
          yield row
          refuseAborted()
          row = await step(statement, [])
        }
      } finally {
        await new Promise<void>((resolve) => statement.finalize(() => resolve()))
      }
    },
    async query(sql, parameters = []) {
      for (const parameter of parameters) refuseLoss(parameter)
      const ask = returnsRows.test(sql) ? all : run
      return patiently(() => ask(sql, parameters))
    },
    close: () =>
      new Promise((resolve, reject) => {
        signal?.removeEventListener('abort', interrupt)
        clearInterval(interrupting)
        database.close((error) => {
          if (error) return reject(explain(error, place))
          closed()
          resolve()
        })
      }),
  }
}

// sqlite3 would store each of these as NULL or as '[object Object]', without a word
function refuseLoss(parameter: unknown): void {
  const isStorable =
    parameter === null ||
    typeof parameter === 'string' ||
    typeof parameter === 'boolean' ||
    (typeof parameter === 'number' && !Number.isNaN(parameter)) ||
    parameter instanceof Uint8Array
  if (isStorable) return
  const got = typeof parameter === 'object' ? 'an object' : `${parameter} (${typeof parameter})`
  throw new LogError(`value: expected a number, text, bytes or null to store, got ${got}`)
}

const advice: Record<string, string> = {
  SQLITE_BUSY: 'stayed locked by another process; wait for it, or raise busyTimeout',
  SQLITE_CANTOPEN: 'cannot be opened or created; check its folder and who may write there',
  SQLITE_CORRUPT: 'is damaged; restore a copy of it or name another file',
  SQLITE_FULL: 'cannot grow, the disk is full; make room and go on',
  SQLITE_INTERRUPT: 'was not read or written to the end: interrupted',
  SQLITE_IOERR: 'cannot be read or written; check the disk',
  SQLITE_LOCKED: 'is locked within this process; finish the other query first',
  SQLITE_NOTADB: 'is damaged or no SQLite file; restore a copy of it or name another file',
  SQLITE_PERM: 'may not be opened; check who may read and write it',
  SQLITE_PROTOCOL: "cannot share a WAL here (a network disk?); use journalMode: 'delete'",
  SQLITE_READONLY: 'cannot be written; open it for writing, or check who may write it',
}

function interruption(place: string): Error {
  return explain(Object.assign(new Error('interrupted'), {code: 'SQLITE_INTERRUPT'}), place)
}

function explain(error: Error, place: string): Error {
  const said = advice[(error as NodeJS.ErrnoException).code ?? '']
  return said ? new LogError(`database: "${place}" ${said}`, {cause: error}) : error
}

/** SQLite's own code of an error that was put in words. */
export function codeOf(error: unknown): string | undefined {
  return ((error as Error).cause as NodeJS.ErrnoException | undefined)?.code
}
