import {accessSync, constants, existsSync, readdirSync, rmSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {copySnapshot, isStale, putRun} from './copy-run.js'
import {LogError} from './errors.js'
import {secondsAlive} from './liveness.js'
import {type LogOptions, type OpenDatabase, openDatabase} from './open-database.js'
import {insertRun, type RunRows, readRun} from './runs.js'

/**
 * What a training keeps on disk while its server is away: a log of its own, an SQLite file that holds
 * one run and those of its snapshots that were not delivered yet.
 */
export interface Spool extends OpenDatabase {
  readonly path: string
  readonly runId: string
  /** Address of the log that it is for. */
  readonly destination: string
}

const ending = '.spool.db'

/**
 * That spools can be kept in a folder. It is looked at before the training begins: that nothing can
 * be kept there should not be found out when the server is gone.
 *
 * @throws LogError where it is none, or may not be written to
 */
export function checkSpoolFolder(folder: unknown): string {
  const expected = 'spool: expected a folder that can be written to'
  const advice = 'create it, name another, or give false to keep nothing'
  if (typeof folder !== 'string' || folder === '') {
    throw new LogError(`${expected}, got ${JSON.stringify(folder)}; name one, or give false`)
  }
  try {
    if (!statSync(folder).isDirectory()) throw new Error('it is a file')
    accessSync(folder, constants.W_OK)
  } catch (cause) {
    const {code, message} = cause as NodeJS.ErrnoException
    throw new LogError(`${expected}, got "${folder}" (${code ?? message}); ${advice}`, {cause})
  }
  return folder
}

/** Path of the spool of a run. */
export function spoolPath(folder: string, runId: string): string {
  return join(folder, `linear-regions-${runId}${ending}`)
}

/** Paths of all spools in a folder. */
export function spoolsIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  const names = readdirSync(folder).filter(
    (name) => name.startsWith('linear-regions-') && name.endsWith(ending),
  )
  return names.sort().map((name) => join(folder, name))
}

/** Opens the spool of a run in a folder, and makes it where it is not there yet. */
export async function openSpool(
  folder: string,
  rows: RunRows,
  destination: string,
): Promise<Spool> {
  const path = spoolPath(folder, rows.run.id)
  // no WAL: the folder may be on a network disk, and one file is easier to carry
  const opened = await openDatabase(path, {journalMode: 'delete'})
  try {
    await opened.db.transaction().execute(async (transaction) => {
      await transaction
        .insertInto('meta')
        .values({key: destinationKey, value: destination})
        .onConflict((conflict) => conflict.column('key').doUpdateSet({value: destination}))
        .execute()
      if (!(await readRun(transaction, rows.run.id))) await insertRun(transaction, rows)
    })
  } catch (error) {
    await opened.db.destroy()
    throw error
  }
  return {...opened, path, runId: rows.run.id, destination}
}

/**
 * Opens a spool that is there.
 *
 * @throws LogError where the file is none, or stays locked for `busyTimeout` milliseconds
 */
export async function reopenSpool(
  path: string,
  options: Pick<LogOptions, 'busyTimeout'> = {},
): Promise<Spool> {
  const opened = await openDatabase(path, {...options, create: false})
  try {
    const meta = opened.db.selectFrom('meta').select('value').where('key', '=', destinationKey)
    const destination = (await meta.executeTakeFirst())?.value
    const run = await opened.db.selectFrom('runs').select('id').executeTakeFirst()
    if (destination !== undefined && run) return {...opened, path, runId: run.id, destination}
    throw new LogError(
      `spool: "${path}" is an ordinary log, kept for no server; \`linear-regions merge\` copies it`,
    )
  } catch (error) {
    await opened.db.destroy()
    throw error
  }
}

const destinationKey = 'spool_for'

/** Number of snapshots that wait. */
export async function waitingIn({db}: Spool): Promise<number> {
  const {n} = await db
    .selectFrom('snapshots')
    .select(({fn}) => fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  return n
}

/**
 * Delivers the oldest snapshot that waits, or, where none does, the run's row; false: the row was
 * it, and all is delivered. A snapshot leaves the spool only once it is in the log, or where the run
 * was resumed elsewhere from before it; delivering it again changes nothing.
 *
 * @param leaveOut is told of a snapshot that leaves it so
 */
export async function deliverNext(
  spool: Spool,
  to: OpenDatabase,
  leaveOut: () => void = () => undefined,
): Promise<boolean> {
  const rows = (await readRun(spool.db, spool.runId))!
  const limits = await putRun(to, rows)
  const next = await spool.db
    .selectFrom('snapshots')
    .selectAll()
    .orderBy('recorded_at')
    .orderBy('step')
    .limit(1)
    .executeTakeFirst()
  if (!next) return false
  if (isStale(next, limits)) leaveOut()
  else await copySnapshot(spool, to, next)
  await spool.db.deleteFrom('snapshots').where('id', '=', next.id).execute()
  return true
}

/** Whether the training that fills it is alive: then it delivers by itself. */
export async function isFilled(spool: Spool): Promise<boolean> {
  const {run} = (await readRun(spool.db, spool.runId))!
  return secondsAlive(run) !== null
}

/** Closes a spool that is delivered, and deletes its file. */
export async function removeSpool({db, path}: Spool): Promise<void> {
  await db.destroy()
  for (const suffix of ['', '-journal']) rmSync(path + suffix, {force: true})
}
