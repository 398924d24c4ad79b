import type {Kysely} from 'kysely'
import {LogError} from './errors.js'
import type {Log} from './log.js'
import {type OpenOptions, openDatabase} from './open-database.js'
import {resumeRun} from './resume-run.js'
import {finishRun, giveSign, reopenRun, startRun} from './runs.js'
import type {Database} from './schema.js'
import {writeSnapshot} from './write-snapshot.js'

/**
 * A log whose methods write to the database itself, and reject where that cannot be written.
 *
 * @throws LogError as `openLog` does
 */
export async function openDirectly(database: string, options: OpenOptions): Promise<Log> {
  const {db, dialect} = await openDatabase(database, options)
  let closing: Promise<void> | undefined
  const opened = () => {
    if (closing) throw new LogError(`database: "${database}" was closed; open it again`)
    dialect.checkPlace()
    return db
  }
  return {
    startRun: async (run) => startRun(opened(), run),
    resumeRun: async (run) => resumeRun(opened(), dialect, run),
    writeSnapshot: async (runId, snapshot) => writeSnapshot(opened(), dialect, runId, snapshot),
    heartbeat: async (runId) => giveSign(opened(), dialect, runId),
    reopenRun: async (runId) => reopenRun(opened(), dialect, runId),
    finishRun: async (runId, status, error) => finishRun(opened(), dialect, runId, status, error),
    db,
    dialect,
    path: database,
    close() {
      closing ??= closeGently(db)
      return closing
    },
  }
}

// whoever has the connection now is waited for: a transaction would else lose it half way
async function closeGently(db: Kysely<Database>): Promise<void> {
  // a server that is gone has nothing to wait for
  await db
    .connection()
    .execute(async () => undefined)
    .catch(() => undefined)
  await db.destroy()
}
