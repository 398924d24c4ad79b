import {existsSync, rmSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {LogError} from '../../storage/errors.js'
import {aliveText} from '../../storage/liveness.js'
import {type Log, openLog} from '../../storage/log.js'
import {hasLog} from '../../storage/open-database.js'
import {isPostgresAddress} from '../../storage/postgres-address.js'
import {UsageError} from '../command.js'
import {makeFolder} from '../make-folder.js'
import {logOptionsOf, type ServerOptions} from '../server-options.js'

export interface DatabaseChoice extends ServerOptions {
  /** Folder of the results. */
  readonly out: string
  /** A log elsewhere. */
  readonly database: string | undefined
  /** Begin the log of `out` anew. */
  readonly force: boolean
}

/** Where the log of a study is. */
export const databasePath = ({out, database}: Pick<DatabaseChoice, 'out' | 'database'>) =>
  database ?? join(out, 'reproduce.db')

/**
 * Opens the log of a command that trains: one that is there is gone on with, or, with `force`, replaced.
 *
 * @throws `UsageError` where the folder cannot be made, or `force` comes with a log elsewhere; `LogError` where the file
 * cannot be opened, is no log or has a run that is alive, which even `force` does not delete
 */
export async function openResults(choice: DatabaseChoice): Promise<Log> {
  const path = databasePath(choice)
  refuseForce(choice)
  await makeFolder('out', choice.out)
  if (!isPostgresAddress(path)) await makeFolder('database', dirname(path))
  if (choice.force && existsSync(path)) {
    await refuseLiving(path)
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(path + suffix, {force: true})
  }
  return openLog(path, logOptionsOf(choice))
}

/** What a log has already can be read without making it; null where there is none. */
export async function openExisting(choice: DatabaseChoice): Promise<Log | null> {
  const path = databasePath(choice)
  refuseForce(choice)
  if (choice.force || !(await hasLog(path))) return null
  return openLog(path, {readonly: true})
}

function refuseForce({force, database}: DatabaseChoice): void {
  if (!force || database === undefined) return
  throw new UsageError(
    'force: expected it without --database, since it replaces the log of --out alone; delete runs by `runs delete`',
  )
}

async function refuseLiving(path: string): Promise<void> {
  const log = await openLog(path, {readonly: true})
  try {
    for (const run of await log.db.selectFrom('runs').selectAll().execute()) {
      const text = aliveText(run)
      if (text !== null)
        throw new LogError(`force: run ${JSON.stringify(run.name)} (${run.id}) ${text}`)
    }
  } finally {
    await log.close()
  }
}
