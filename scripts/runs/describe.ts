import {type FoundRun, findRuns, type RunLog} from './find.js'
import {secondsOf} from './list.js'

/** Everything that a log knows of a run besides its numbers; the names are those of its columns. */
export type DescribedRun = Omit<FoundRun, JsonColumn> & {
  readonly [Column in JsonColumn]: unknown
} & {
  readonly seconds: number
  readonly layers: readonly {name: string; class: string; units: number; kinks: number}[]
  readonly measures: readonly {name: string; unit: string}[]
  readonly snapshots: SnapshotsOfRun
}

type JsonColumn = 'config' | 'model' | 'environment' | 'argv'

export interface SnapshotsOfRun {
  readonly complete: number
  readonly partial: number
  readonly failed: number
  /** Why those that are not complete are not, without repetition. */
  readonly reasons: readonly string[]
  /** Milliseconds of all of them together. */
  readonly train_ms: number
  readonly measure_ms: number
  readonly first_step: number | null
  readonly last: LastSnapshot | null
}

export interface LastSnapshot {
  readonly step: number
  readonly epoch: number
  readonly recorded_at: string
  readonly loss: number | null
  readonly metrics: Readonly<Record<string, number | string>>
  /** Number of points in each group. */
  readonly points: Readonly<Record<string, number>>
}

/** Describes the runs of those names or ids, or all, the oldest first. */
export async function describeRuns(
  log: RunLog,
  wanted?: readonly string[],
): Promise<readonly DescribedRun[]> {
  const runs = await findRuns(log, wanted)
  const described: DescribedRun[] = []
  for (const run of runs) described.push(await describeRun(log, run))
  return described
}

async function describeRun(log: RunLog, run: FoundRun): Promise<DescribedRun> {
  const {db} = log
  const layers = await db
    .selectFrom('layers')
    .select(['name', 'class', 'units', 'kinks'])
    .where('run_id', '=', run.id)
    .orderBy('layer')
    .execute()
  const measures = await db
    .selectFrom('measures')
    .select(['name', 'unit'])
    .where('run_id', '=', run.id)
    .orderBy('name')
    .execute()
  return {
    ...run,
    seconds: secondsOf(run),
    config: JSON.parse(run.config),
    model: JSON.parse(run.model),
    environment: JSON.parse(run.environment),
    argv: JSON.parse(run.argv),
    layers,
    measures,
    snapshots: await snapshotsOf(log, run.id),
  }
}

async function snapshotsOf({db}: RunLog, runId: string): Promise<SnapshotsOfRun> {
  const all = await db
    .selectFrom('snapshots')
    .selectAll()
    .where('run_id', '=', runId)
    .orderBy('step')
    .execute()
  const last = all.at(-1)
  const number = (status: string) => all.filter((one) => one.status === status).length
  const sum = (column: 'train_ms' | 'measure_ms') =>
    all.reduce((total, one) => total + (one[column] ?? 0), 0)
  return {
    complete: number('complete'),
    partial: number('partial'),
    failed: number('failed'),
    reasons: [...new Set(all.flatMap(({reason}) => reason ?? []))],
    train_ms: sum('train_ms'),
    measure_ms: sum('measure_ms'),
    first_step: all[0]?.step ?? null,
    last: last
      ? {
          step: last.step,
          epoch: last.epoch,
          recorded_at: last.recorded_at,
          loss: last.loss,
          metrics: JSON.parse(last.metrics ?? '{}'),
          points: await pointsOf(db, last.id),
        }
      : null,
  }
}

async function pointsOf(db: RunLog['db'], snapshot: number): Promise<Record<string, number>> {
  const groups = await db
    .selectFrom('points')
    .select(['point_group', ({fn}) => fn.countAll<number>().as('points')])
    .where('snapshot_id', '=', snapshot)
    .groupBy('point_group')
    .orderBy((order) => order.fn.min('point'))
    .execute()
  return Object.fromEntries(groups.map(({point_group, points}) => [point_group, points]))
}

/** A backend that could not be had, and why. */
export interface RefusedBackend {
  readonly name: string
  readonly why: string
}

/** The backends that the command which trained the run tried in vain. */
export function refusedBackends(environment: unknown): readonly RefusedBackend[] {
  const {refused = []} = environment as {refused?: readonly RefusedBackend[]}
  return refused
}
