import {randomUUID} from 'node:crypto'
import type {Kysely, Selectable, Transaction} from 'kysely'
import type {LogDialect} from './dialect.js'
import {surroundings} from './environment.js'
import {LogError} from './errors.js'
import {heartbeatEvery} from './heartbeat-every.js'
import {toJson} from './json.js'
import {refuseTakenOver, takeOwnership} from './ownership.js'
import {withoutPasswords} from './postgres-address.js'
import {thisProcess} from './process-mark.js'
import type {Database, LayersTable, MeasuresTable, RunRow} from './schema.js'
import type {RunStart} from './snapshot.js'

/** What a run's row says of the process that trains, now and after each resumption. */
export type RunProcess = Omit<RunRow, 'id' | 'name' | 'started_at' | 'seed' | 'config' | 'model'>

/** A run with its layers and measures, as rows. */
export interface RunRows {
  readonly run: RunRow
  readonly layers: readonly Selectable<LayersTable>[]
  readonly measures: readonly Selectable<MeasuresTable>[]
}

/**
 * Writes the row of a new run, its layers and its measures, and returns its id.
 *
 * @throws LogError for a seed or heartbeat that is no number, and what JSON cannot hold
 */
export async function startRun(db: Kysely<Database>, run: RunStart): Promise<string> {
  const rows = await newRun(run)
  await db.transaction().execute((transaction) => insertRun(transaction, rows))
  return rows.run.id
}

/**
 * The rows of a new run.
 *
 * @throws LogError as `startRun` does
 */
export async function newRun(run: RunStart): Promise<RunRows> {
  checkRun(run)
  const id = randomUUID()
  const columns = await describeProcess(run)
  const row = {
    id,
    name: run.name,
    started_at: columns.heartbeat_at,
    seed: run.seed,
    config: toJson(run.config ?? {}, 'config'),
    model: toJson(run.model, 'model'),
    ...columns,
  }
  const layers = run.model.layers.map(({name, className, units, kinks}, layer) => {
    return {run_id: id, layer, name, class: className, units, kinks}
  })
  const measures = run.measures.map(({name, unit}) => ({run_id: id, name, unit}))
  takeOwnership(row)
  return {run: row, layers, measures}
}

/** Writes the rows of a run that is not there yet. */
export async function insertRun(
  transaction: Transaction<Database>,
  {run, layers, measures}: RunRows,
): Promise<void> {
  await transaction.insertInto('runs').values(run).execute()
  if (layers.length > 0) await transaction.insertInto('layers').values(layers).execute()
  if (measures.length > 0) await transaction.insertInto('measures').values(measures).execute()
}

/** The rows of a run, undefined where it is not in the log. */
export async function readRun(db: Kysely<Database>, id: string): Promise<RunRows | undefined> {
  const run = await db.selectFrom('runs').selectAll().where('id', '=', id).executeTakeFirst()
  if (!run) return undefined
  const layers = await db.selectFrom('layers').selectAll().where('run_id', '=', id).execute()
  const measures = await db.selectFrom('measures').selectAll().where('run_id', '=', id).execute()
  return {run, layers, measures}
}

/** The columns that depend on the process: they change when a run is resumed elsewhere. */
export async function describeProcess(run: RunStart): Promise<RunProcess> {
  return {
    status: 'running',
    heartbeat_at: now(),
    heartbeat_every: run.heartbeatEvery ?? heartbeatEvery,
    ended_at: null,
    error: null,
    backend: run.backend,
    device: run.device ?? null,
    environment: toJson({...run.environment, process: thisProcess()}, 'environment'),
    tfjs_version: run.tfjsVersion,
    argv: toJson((run.argv ?? process.argv).map(withoutPasswords), 'argv'),
    ...(await surroundings()),
  }
}

/**
 * Writes a run's sign of life. Where signs are further apart than was said, that is what is
 * expected of the run from then on, up to an hour: a training whose epochs take long is not
 * abandoned.
 *
 * @throws LogError for an unknown run; TakenOverError where it is another process's by now
 */
export async function giveSign(
  db: Kysely<Database>,
  dialect: LogDialect,
  runId: string,
): Promise<void> {
  await update(db, dialect, runId, ({heartbeat_at, heartbeat_every}) => {
    const silent = Math.ceil((Date.now() - Date.parse(heartbeat_at)) / 1000)
    return {
      heartbeat_at: now(),
      heartbeat_every: Math.max(heartbeat_every, Math.min(silent, longestInterval)),
    }
  })
}

/** Seconds: of what is silent for three of them nobody on another machine believes that it lives. */
const longestInterval = 3600

/**
 * Closes a run.
 *
 * @throws LogError for an unknown run; TakenOverError where it is another process's by now
 */
export async function finishRun(
  db: Kysely<Database>,
  dialect: LogDialect,
  runId: string,
  status: 'finished' | 'failed',
  error?: string,
): Promise<void> {
  const at = now()
  await update(db, dialect, runId, () => {
    return {status, error: error ?? null, heartbeat_at: at, ended_at: at}
  })
}

/**
 * Goes on with a run that this process has ended.
 *
 * @throws LogError for an unknown run; TakenOverError where it is another process's by now
 */
export async function reopenRun(
  db: Kysely<Database>,
  dialect: LogDialect,
  runId: string,
): Promise<void> {
  await update(db, dialect, runId, () => {
    return {status: 'running', ended_at: null, error: null, heartbeat_at: now()}
  })
}

/**
 * That a run can be written down.
 *
 * @throws LogError naming what cannot
 */
export function checkRun({name, seed, heartbeatEvery: every = heartbeatEvery}: RunStart): void {
  if (typeof name !== 'string' || name === '') {
    throw new LogError(`run: expected a name, got ${JSON.stringify(name)}`)
  }
  if (!Number.isSafeInteger(seed)) {
    throw new LogError(`seed: expected a whole number, got ${seed}`)
  }
  if (!(every > 0 && every < Number.POSITIVE_INFINITY)) {
    throw new LogError(`heartbeatEvery: expected seconds above 0, got ${every}`)
  }
}

async function update(
  db: Kysely<Database>,
  dialect: LogDialect,
  runId: string,
  change: (run: RunRow) => Partial<RunProcess>,
): Promise<void> {
  const work = async (transaction: Transaction<Database>) => {
    const ofRun = transaction.selectFrom('runs').selectAll().where('id', '=', runId)
    const run = await ofRun.$call(dialect.forUpdate).executeTakeFirst()
    if (!run) throw new LogError(`runId: expected a run of this log, got ${JSON.stringify(runId)}`)
    refuseTakenOver(run)
    await transaction.updateTable('runs').set(change(run)).where('id', '=', runId).execute()
  }
  // as a part of what one transaction writes, or as one of its own
  await (db.isTransaction ? work(db as Transaction<Database>) : db.transaction().execute(work))
}

function now(): string {
  return new Date().toISOString()
}
