import type {Kysely} from 'kysely'
import type {LogDialect} from './dialect.js'
import {openDirectly} from './direct-log.js'
import type {LogOptions} from './open-database.js'
import {openPatientLog} from './patient-log.js'
import {isPostgresAddress} from './postgres-address.js'
import type {Database} from './schema.js'
import type {ResumedRun, RunResume, RunStart, Snapshot} from './snapshot.js'
import {openSpooledLog} from './spooled-log.js'

/**
 * An open log. Each method is one transaction: when its promise resolves, all of it is stored. Of a
 * run that another process has resumed since, whatever this one still writes is refused.
 */
export interface Log {
  /** Begins a run and returns its id. */
  startRun(run: RunStart): Promise<string>
  /** Goes on with an unfinished run; deletes what was logged beyond the point of resumption. */
  resumeRun(run: RunResume): Promise<ResumedRun>
  /** Writes a snapshot as a whole, in place of an earlier one of the same step. */
  writeSnapshot(runId: string, snapshot: Snapshot): Promise<void>
  /** Says that the run is alive. */
  heartbeat(runId: string): Promise<void>
  /** Goes on with a run that this process has ended. */
  reopenRun(runId: string): Promise<void>
  /** Closes a run; `error` is why it failed. */
  finishRun(runId: string, status: 'finished' | 'failed', error?: string): Promise<void>
  /** For queries of one's own. Inside `db.transaction()` use only the transaction: `db` waits for its end. */
  readonly db: Kysely<Database>
  readonly dialect: LogDialect
  /** The path or address as it was given. */
  readonly path: string
  /** Waits for what is under way and lets go of the file or server. */
  close(): Promise<void>
}

/**
 * Opens a log, an SQLite file or a schema of a PostgreSQL database, and brings its tables to the
 * newest version. What is no log is refused before anything is written to it.
 *
 * Where a server goes away, runs that write through the log are kept in files (`spool`) until it is
 * back; `db` alone asks the server whatever happens.
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
 * @param database path of the file, `':memory:'`, or `'postgres://user@host/database?schema=name'`
 * @throws LogError in one sentence where the path cannot be opened or is no log, the file is
 * damaged, it was written by a newer release, a password is in the address, or the folder for
 * spools cannot be written to
 */
export async function openLog(database: string, options: LogOptions = {}): Promise<Log> {
  const isSpooled = isPostgresAddress(database) && !options.readonly && options.spool !== false
  return isSpooled ? openSpooledLog(database, options) : openDirectly(database, options)
}

/**
 * As `openLog`, for a training, which must not stand still because of its log: of a file too that
 * another process has locked, no more than `patience` milliseconds are waited for.
 *
 * @throws LogError as `openLog` does
 */
export async function openTrainingLog(database: string, options: LogOptions = {}): Promise<Log> {
  return isPostgresAddress(database)
    ? openLog(database, options)
    : openPatientLog(database, options)
}
