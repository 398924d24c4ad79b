import {existsSync, rmSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {type Log, openLog} from '../../storage/log.js'
import {hasLog} from '../../storage/open-database.js'
import {isPostgresAddress} from '../../storage/postgres-address.js'
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
 * @throws `UsageError` where the folder cannot be made; `LogError` where the file cannot be opened or is
 * no log, which even `force` does not delete
 */
export async function openResults(choice: DatabaseChoice): Promise<Log> {
  const path = databasePath(choice)
  await makeFolder('out', choice.out)
  if (!isPostgresAddress(path)) await makeFolder('database', dirname(path))
  if (choice.force && choice.database === undefined && existsSync(path)) {
    await (await openLog(path, {readonly: true})).close()
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, {force: true})
  }
  return openLog(path, logOptionsOf(choice))
}

/** What a log has already can be read without making it; null where there is none. */
export async function openExisting(choice: DatabaseChoice): Promise<Log | null> {
  const path = databasePath(choice)
  if (choice.force || !(await hasLog(path))) return null
  return openLog(path, {readonly: true})
}
