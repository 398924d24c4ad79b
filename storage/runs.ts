import {randomUUID} from 'node:crypto'
import type {Insertable, Kysely, Transaction} from 'kysely'
import {surroundings} from './environment.js'
import {LogError} from './errors.js'
import {toJson} from './json.js'
import {thisProcess} from './liveness.js'
import type {Database, RunsTable} from './schema.js'
import type {RunStart} from './snapshot.js'

/** What a run's row says of the process that trains, now and after each resumption. */
export type RunProcess = Omit<
  Insertable<RunsTable>,
  'id' | 'name' | 'started_at' | 'seed' | 'config' | 'model'
>

/**
 * Writes the row of a new run, its layers and its measures, and returns its id.
 *
 * @throws LogError for a seed or heartbeat that is no number, and what JSON cannot hold
 */
export async function startRun(db: Kysely<Database>, run: RunStart): Promise<string> {
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
  await db.transaction().execute(async (transaction) => {
    await transaction.insertInto('runs').values(row).execute()
    if (layers.length > 0) await transaction.insertInto('layers').values(layers).execute()
    if (measures.length > 0) await transaction.insertInto('measures').values(measures).execute()
  })
  return id
}

/** The columns that depend on the process: they change when a run is resumed elsewhere. */
export async function describeProcess(run: RunStart): Promise<RunProcess> {
  return {
    status: 'running',
    heartbeat_at: now(),
    heartbeat_every: run.heartbeatEvery ?? 60,
    ended_at: null,
    error: null,
    backend: run.backend,
    device: run.device ?? null,
    environment: toJson({...run.environment, process: thisProcess()}, 'environment'),
    tfjs_version: run.tfjsVersion,
    argv: toJson(run.argv ?? process.argv, 'argv'),
    ...(await surroundings()),
  }
}

/**
 * Writes a run's sign of life.
 *
 * @throws LogError for an unknown run
 */
export async function giveSign(db: Kysely<Database>, runId: string): Promise<void> {
  await update(db, runId, {heartbeat_at: now()})
}

/**
 * Closes a run.
 *
 * @throws LogError for an unknown run
 */
export async function finishRun(
  db: Kysely<Database>,
  runId: string,
  status: 'finished' | 'failed',
  error?: string,
): Promise<void> {
  await update(db, runId, {status, error: error ?? null, heartbeat_at: now(), ended_at: now()})
}

/**
 * That a run can be written down.
 *
 * @throws LogError naming what cannot
 */
export function checkRun({name, seed, heartbeatEvery = 60}: RunStart): void {
  if (typeof name !== 'string' || name === '') {
    throw new LogError(`run: expected a name, got ${JSON.stringify(name)}`)
  }
  if (!Number.isSafeInteger(seed)) {
    throw new LogError(`seed: expected a whole number, got ${seed}`)
  }
  if (!(heartbeatEvery > 0 && heartbeatEvery < Number.POSITIVE_INFINITY)) {
    throw new LogError(`heartbeatEvery: expected seconds above 0, got ${heartbeatEvery}`)
  }
}

async function update(
  db: Kysely<Database> | Transaction<Database>,
  runId: string,
  values: Partial<RunProcess>,
): Promise<void> {
  const {numUpdatedRows} = await db
    .updateTable('runs')
    .set(values)
    .where('id', '=', runId)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) {
    throw new LogError(`runId: expected a run of this log, got ${JSON.stringify(runId)}`)
  }
}

function now(): string {
  return new Date().toISOString()
}
