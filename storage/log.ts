import {Kysely} from 'kysely'
import type {LogDialect} from './dialect.js'
import {sqliteDialect} from './dialect-sqlite.js'
import {LogError} from './errors.js'
import {readVersion} from './meta.js'
import {checkVersion, migrate, schemaVersion} from './migrations.js'
import {resumeRun} from './resume-run.js'
import {finishRun, giveSign, startRun} from './runs.js'
import type {Database} from './schema.js'
import type {ResumedRun, RunResume, RunStart, Snapshot} from './snapshot.js'
import {writeSnapshot} from './write-snapshot.js'

/** An open log. Each method is one transaction: when its promise resolves, all of it is stored. */
export interface Log {
  /** Begins a run and returns its id. */
  startRun(run: RunStart): Promise<string>
  /** Goes on with an unfinished run; deletes what was logged beyond the point of resumption. */
  resumeRun(run: RunResume): Promise<ResumedRun>
  /** Writes a snapshot as a whole, in place of an earlier one of the same step. */
  writeSnapshot(runId: string, snapshot: Snapshot): Promise<void>
  /** Says that the run is alive. */
  heartbeat(runId: string): Promise<void>
  /** Closes a run; `error` is why it failed. */
  finishRun(runId: string, status: 'finished' | 'failed', error?: string): Promise<void>
  /** For queries of one's own. Inside `db.transaction()` use only the transaction: `db` waits for its end. */
  readonly db: Kysely<Database>
  readonly dialect: LogDialect
  /** The path as it was given. */
  readonly path: string
  /** Waits for what is under way and lets go of the file. */
  close(): Promise<void>
}

export interface LogOptions {
  /** Open so that nothing can be written, and leave no file beside the log. Default: false. */
  readonly readonly?: boolean
  /** Make the file if there is none. Never done if `readonly`. Default: true. */
  readonly create?: boolean
  /**
   * How SQLite keeps transactions whole. `'wal'` lets others read while one writes, but not on
   * network disks: use `'delete'` there. Default: `'wal'` for a new file, an existing one's own.
   */
  readonly journalMode?: 'wal' | 'delete'
  /** Milliseconds to wait while another process writes. Default: 10,000. */
  readonly busyTimeout?: number
}

/**
 * Opens the log in an SQLite file and brings its tables to the newest version. A file that is no
 * log is refused before anything is written to it.
 *
 * ```ts
 * const log = await openLog('runs.db')
 * const rows = await log.db
 *   .selectFrom('distance_summary')
 *   .select(['epoch', 'point_group', 'median'])
 *   .where('run', '=', 'mlp-128x3')
 *   .orderBy('step')
 *   .execute()
 * await log.close()
 * ```
 *
 * @param database path of the file, or `':memory:'`
 * @throws LogError in one sentence where the path cannot be opened or is no log, the file is
 * damaged, or it was written by a newer release
 */
export async function openLog(database: string, options: LogOptions = {}): Promise<Log> {
  const {readonly = false} = options
  const dialect = chooseDialect(database, options)
  const db = await (readonly ? openReader(dialect) : openWriter(dialect))
  return {
    startRun: (run) => startRun(db, run),
    resumeRun: (run) => resumeRun(db, run),
    writeSnapshot: (runId, snapshot) => writeSnapshot(db, dialect, runId, snapshot),
    heartbeat: (runId) => giveSign(db, runId),
    finishRun: (runId, status, error) => finishRun(db, runId, status, error),
    db,
    dialect,
    path: database,
    close: () => db.destroy(),
  }
}

function chooseDialect(database: string, options: LogOptions): LogDialect {
  const {readonly = false, create = true, journalMode, busyTimeout = 10_000} = options
  if (typeof database !== 'string' || database === '' || database.includes('\0')) {
    throw new LogError(`database: expected a path, got ${JSON.stringify(database)}`)
  }
  if (/^\w{2,}:\/\//.test(database)) {
    throw new LogError(`database: expected the path of a SQLite file, got ${database}`)
  }
  if (journalMode !== undefined && journalMode !== 'wal' && journalMode !== 'delete') {
    throw new LogError(`journalMode: expected 'wal' or 'delete', got ${journalMode}`)
  }
  if (!Number.isSafeInteger(busyTimeout) || busyTimeout < 0) {
    throw new LogError(`busyTimeout: expected whole milliseconds, got ${busyTimeout}`)
  }
  return sqliteDialect(database, {readonly, create, journalMode, busyTimeout})
}

async function openReader(dialect: LogDialect): Promise<Kysely<Database>> {
  return guarded(new Kysely<Database>({dialect: dialect.reader()}), async (db) => {
    checkVersion(await readVersion(db, dialect), dialect.place, true)
  })
}

// what is there is looked at through a connection that cannot write: even closing one that can
// would change a file that another program left half written
async function openWriter(dialect: LogDialect): Promise<Kysely<Database>> {
  let version = 0
  if (dialect.exists) {
    const reader = await guarded(
      new Kysely<Database>({dialect: dialect.reader(true)}),
      async (db) => {
        version = await readVersion(db, dialect)
        checkVersion(version, dialect.place, false)
      },
    )
    await reader.destroy()
  }
  return guarded(new Kysely<Database>({dialect: dialect.writer()}), async (db) => {
    if (version < schemaVersion) await migrate(db, dialect)
    await dialect.prepare(db)
  })
}

async function guarded(
  db: Kysely<Database>,
  work: (db: Kysely<Database>) => Promise<void>,
): Promise<Kysely<Database>> {
  try {
    await work(db)
    return db
  } catch (error) {
    await db.destroy().catch(() => undefined)
    throw error
  }
}
