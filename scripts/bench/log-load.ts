import {type ChildProcess, fork} from 'node:child_process'
import {once} from 'node:events'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {extname, join} from 'node:path'
import type {Writable} from 'node:stream'
import {fileURLToPath} from 'node:url'
import {openLog} from '../../storage/log.js'
import {createProgress} from '../progress.js'
import {checkLoad} from './check-load.js'
import {loadRows} from './log-load-data.js'

/** Many trainings that write to one log at once, and readers beside them. */
export interface LoadPlan {
  readonly writers: number
  /** Of each writer. */
  readonly snapshots: number
  /** Address of a log on PostgreSQL, in a schema that is not there yet. */
  readonly database?: string | undefined
  /** Told how far it is. */
  readonly stderr: Writable
}

/** What came of it on one database. */
export interface LoadRow {
  readonly database: 'SQLite' | 'PostgreSQL'
  readonly writers: number
  readonly snapshots: number
  /** In all tables of points and measurements. */
  readonly rows: number
  readonly seconds: number
  readonly rowsPerSecond: number
  /** Answers that two readers got meanwhile: the newest medians of a run, again and again. */
  readonly answers: number
}

/**
 * The time in which `writers` processes write `snapshots` snapshots each, of 512 points with 4 radii,
 * 2 methods and 4 layers, while two readers ask for medians: on SQLite, and on PostgreSQL where an
 * address is given.
 *
 * @throws Error where afterwards a row is missing, or there is one too many (`checkLoad`)
 */
export async function timeLoad({database, ...plan}: LoadPlan): Promise<LoadRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'linear-regions-load-'))
  try {
    const rows = [await timeOne(join(folder, 'load.db'), 'SQLite', plan)]
    if (database !== undefined) rows.push(await timeOne(database, 'PostgreSQL', plan))
    return rows
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
}

async function timeOne(
  place: string,
  database: LoadRow['database'],
  {writers, snapshots, stderr}: Omit<LoadPlan, 'database'>,
): Promise<LoadRow> {
  stderr.write(`${database}: ${writers} processes start\n`)
  await (await openLog(place, {spool: false})).close()
  const children = Array.from({length: writers}, (_, writer) =>
    startWriter(place, writer, snapshots),
  )
  const ended = Promise.all(children.map((child) => once(child, 'close')))
  const ready = Promise.all(children.map((child) => once(child, 'message')))
  // one that ends before it is ready never says so
  const early = Promise.race(children.map((child) => once(child, 'close')))
  const isReady = await Promise.race([ready.then(() => true), early.then(() => false)])
  if (!isReady) {
    for (const child of children) child.kill()
    throw new Error(`${database}: a writer failed`)
  }
  const progress = createProgress(stderr, writers * snapshots)
  let written = 0
  for (const child of children) {
    child.on('message', () => progress.update(++written, `${database}, snapshots`))
  }
  const started = performance.now()
  for (const child of children) child.send('go')
  let isOver = false
  const reading = [readUntil(place, () => isOver), readUntil(place, () => isOver)]
  const codes = (await ended).map(([code]) => code)
  const seconds = (performance.now() - started) / 1000
  isOver = true
  progress.stop()
  const answers = (await Promise.all(reading)).reduce((sum, count) => sum + count, 0)
  if (codes.some((code) => code !== 0)) throw new Error(`${database}: a writer failed`)
  stderr.write(`${database}: looking for what is missing or doubled\n`)
  const log = await openLog(place, {readonly: true})
  await checkLoad(log, {writers, snapshots}).finally(() => log.close())
  const rows = writers * snapshots * loadRows
  return {database, writers, snapshots, rows, seconds, rowsPerSecond: rows / seconds, answers}
}

function startWriter(place: string, writer: number, snapshots: number): ChildProcess {
  const file = fileURLToPath(new URL(`./log-writer${extname(import.meta.url)}`, import.meta.url))
  return fork(file, [place, String(writer), String(snapshots)], {stdio: 'inherit'})
}

async function readUntil(place: string, isOver: () => boolean): Promise<number> {
  const log = await openLog(place, {readonly: true})
  let answers = 0
  while (!isOver()) {
    const newest = log.db.selectFrom('runs').select('id').orderBy('started_at', 'desc').limit(1)
    await log.db
      .selectFrom('distance_summary')
      .select(['step', 'point_group', 'median'])
      .where('run_id', '=', newest)
      .orderBy('step')
      .execute()
    answers++
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  await log.close()
  return answers
}
