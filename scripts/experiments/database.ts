import {existsSync, rmSync} from 'node:fs'
import {mkdir} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import {type Log, openLog} from '../../storage/log.js'
import {UsageError} from '../command.js'

export interface DatabaseChoice {
  /** Folder of the results. */
  readonly out: string
  /** A log that was named: runs are added to what it holds. */
  readonly database: string | undefined
  /** Begin the log of `out` anew. */
  readonly force: boolean
}

/**
 * Opens the log of a command that trains. Results are never lost or mixed unasked: a log with runs in
 * the folder `out` is refused, replaced only with `force`, and added to only where it was named.
 *
 * @throws `UsageError` where there are runs already; `LogError` where the file cannot be opened or is
 * no log, which even `force` does not delete
 */
export async function openResults({out, database, force}: DatabaseChoice): Promise<Log> {
  const path = database ?? join(out, 'reproduce.db')
  await makeFolder(database === undefined ? 'out' : 'database', dirname(path))
  if (database === undefined && existsSync(path) && (await hasRuns(path))) {
    if (!force) {
      throw new UsageError(
        `out: ${path} holds results already; take another folder, --force to train all anew in its place, or --database ${path} to add runs to it`,
      )
    }
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, {force: true})
  }
  return openLog(path)
}

async function hasRuns(path: string): Promise<boolean> {
  const log = await openLog(path, {readonly: true})
  try {
    return (await log.db.selectFrom('runs').select('id').limit(1).execute()).length > 0
  } finally {
    await log.close()
  }
}

async function makeFolder(option: string, folder: string): Promise<void> {
  try {
    await mkdir(folder, {recursive: true})
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    throw new UsageError(
      `${option}: expected a folder that can be written to, got "${folder}" (${code})`,
    )
  }
}
