import type {Kysely, Transaction} from 'kysely'
import type {LogDialect} from './dialect.js'
import {LogError} from './errors.js'
import {toJson} from './json.js'
import {aliveText} from './liveness.js'
import {takeOwnership} from './ownership.js'
import {checkRun, describeProcess, type RunProcess, startRun} from './runs.js'
import type {Database, RunRow} from './schema.js'
import type {ResumedRun, RunResume} from './snapshot.js'

/**
 * Goes on with a run: the one with `runId`, else the newest unfinished one of that name, else, if
 * not `must`, a new one. What was logged beyond the point of resumption is deleted; that point is
 * `step`, else the step at `epoch`, else the last logged step.
 *
 * The row then describes the process that goes on; `environment.resumed` keeps, for each
 * resumption, what the process before it was.
 *
 * @throws LogError where there is no run although there must be, where it is still alive, where it had
 * other layers, another seed or other measures, and where it has updates and the network none
 */
export async function resumeRun(
  db: Kysely<Database>,
  dialect: LogDialect,
  run: RunResume,
): Promise<ResumedRun> {
  checkRun(run)
  const columns = await describeProcess(run)
  const resumed = await db.transaction().execute(async (transaction) => {
    const found = await findRun(transaction, dialect, run)
    if (!found) return
    refuseAlive(found)
    await refuseOther(transaction, found, run)
    const step = await resumptionStep(transaction, found.id, run)
    if (run.untrained && step > 0) throw new LogError(startsAnew(found, step))
    const deleted = await deleteBeyond(transaction, found.id, step, run.epoch)
    await transaction
      .updateTable('runs')
      .set({...columns, environment: withHistory(found, columns, step)})
      .$if(run.config !== undefined, (query) => query.set({config: toJson(run.config, 'config')}))
      .where('id', '=', found.id)
      .execute()
    return {runId: found.id, step, resumed: true, deleted}
  })
  if (!resumed) return {runId: await startRun(db, run), step: 0, resumed: false, deleted: 0}
  takeOwnership({id: resumed.runId, host: columns.host})
  return resumed
}

async function findRun(
  transaction: Transaction<Database>,
  dialect: LogDialect,
  {name, runId, must}: RunResume,
): Promise<RunRow | undefined> {
  const all = transaction.selectFrom('runs').selectAll().$call(dialect.forUpdate).limit(1)
  const found = await (runId === undefined
    ? all.where('name', '=', name).where('status', '!=', 'finished').orderBy('started_at', 'desc')
    : all.where('id', '=', runId)
  ).executeTakeFirst()
  if (!found && runId !== undefined) {
    throw new LogError(`runId: expected a run of this log, got ${JSON.stringify(runId)}`)
  }
  if (!found && must) {
    throw new LogError(
      `resume: there is no unfinished run ${JSON.stringify(name)} to go on with; use 'allow' to start one`,
    )
  }
  return found
}

// its snapshots would take the place of those of a trained network, under the same steps
function startsAnew(found: RunRow, step: number): string {
  return `resume: run ${describe(found)} has come to step ${step}, and this network has made no update; load the weights of that step and give initialEpoch, or train from the beginning with resume: 'never'`
}

function refuseAlive(found: RunRow): void {
  const text = aliveText(found)
  if (text !== null) throw new LogError(`resume: run ${describe(found)} ${text}`)
}

// names of layers are left out: TensorFlow.js counts them up whenever a model is built again
async function refuseOther(
  transaction: Transaction<Database>,
  found: RunRow,
  run: RunResume,
): Promise<void> {
  const layers = await transaction
    .selectFrom('layers')
    .select(['class', 'units', 'kinks'])
    .where('run_id', '=', found.id)
    .orderBy('layer')
    .execute()
  const measures = await transaction
    .selectFrom('measures')
    .select(['name', 'unit'])
    .where('run_id', '=', found.id)
    .execute()
  const differ = (what: string, logged: string, given: string) => {
    if (logged === given) return
    throw new LogError(
      `resume: run ${describe(found)} was logged with ${what} ${logged}, got ${given}; start a new run`,
    )
  }
  differ('seed', String(found.seed), String(run.seed))
  differ(
    'layers',
    layers.map((layer) => `${layer.class} ${layer.units} x ${layer.kinks}`).join(', '),
    run.model.layers
      .map((layer) => `${layer.className} ${layer.units} x ${layer.kinks}`)
      .join(', '),
  )
  const list = (all: readonly {name: string; unit: string}[]) =>
    all
      .map(({name, unit}) => `${name} (${unit})`)
      .sort()
      .join(', ')
  differ('measures', list(measures), list(run.measures))
}

async function resumptionStep(
  transaction: Transaction<Database>,
  runId: string,
  {step, epoch}: RunResume,
): Promise<number> {
  if (step !== undefined) return step
  const logged = await transaction
    .selectFrom('snapshots')
    .select(['step', 'epoch'])
    .where('run_id', '=', runId)
    .orderBy('step')
    .execute()
  if (epoch === undefined) return logged.at(-1)?.step ?? 0
  const exact = logged.findLast((snapshot) => snapshot.epoch === epoch)
  if (exact) return exact.step
  const last = logged.at(-1)
  if (last && last.epoch > 0) return Math.round((epoch * last.step) / last.epoch)
  throw new LogError(
    `resume: the log has no snapshot that tells the step at epoch ${epoch}; give the step`,
  )
}

async function deleteBeyond(
  transaction: Transaction<Database>,
  runId: string,
  step: number,
  epoch: number = Number.POSITIVE_INFINITY,
): Promise<number> {
  const {numDeletedRows} = await transaction
    .deleteFrom('snapshots')
    .where('run_id', '=', runId)
    .where((is) => is.or([is('step', '>', step), is('epoch', '>', epoch)]))
    .executeTakeFirst()
  return Number(numDeletedRows)
}

function withHistory(found: RunRow, next: RunProcess, step: number): string {
  const {resumed = [], ...before} = JSON.parse(found.environment)
  const {backend, device, host, git_commit, argv} = found
  const was = {backend, device, host, git_commit, argv: JSON.parse(argv), environment: before}
  const history = [...resumed, {at: next.heartbeat_at, step, was}]
  return toJson({...JSON.parse(next.environment), resumed: history}, 'environment')
}

function describe({id, name}: RunRow): string {
  return `${JSON.stringify(name)} (${id})`
}
