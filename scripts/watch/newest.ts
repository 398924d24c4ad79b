import {inOrder} from '../figures/groups.js'
import {measureText} from '../measure-text.js'
import {partition} from '../partition.js'
import {type FoundRun, findRuns, type RunLog} from '../runs/find.js'

/** A run as it is now. */
export interface Newest {
  readonly run: Pick<FoundRun, 'id' | 'name' | 'seed' | 'status' | 'error' | RunTime>
  /** The last one; null before the first. */
  readonly snapshot: NewestSnapshot | null
}

type RunTime = 'started_at' | 'heartbeat_at' | 'ended_at'

export interface NewestSnapshot {
  readonly id: number
  readonly step: number
  readonly epoch: number
  readonly recorded_at: string
  readonly status: 'complete' | 'partial' | 'failed'
  readonly reason: string | null
  readonly measure_ms: number | null
  readonly loss: number | null
  readonly metrics: Readonly<Record<string, number | string>>
  /** Medians of each measure: one for each group, in the order of groups. */
  readonly medians: readonly {
    readonly measure: string
    readonly median: readonly (number | null)[]
  }[]
  readonly groups: readonly string[]
}

/**
 * The run that was started last, a running one before any other, and its last snapshot.
 *
 * @param wanted name or id of the run; default: of all runs
 * @returns undefined where the log has no runs yet
 */
export async function newestOf(log: RunLog, wanted?: string): Promise<Newest | undefined> {
  const all = await findRuns(log)
  if (all.length === 0) return undefined
  const runs = wanted === undefined ? all : await findRuns(log, [wanted])
  const run = runs.findLast(({status}) => status === 'running') ?? runs.at(-1)
  if (!run) return undefined
  const {id, name, seed, status, error, started_at, heartbeat_at, ended_at} = run
  return {
    run: {id, name, seed, status, error, started_at, heartbeat_at, ended_at},
    snapshot: await lastSnapshot(log, id),
  }
}

async function lastSnapshot({db}: RunLog, runId: string): Promise<NewestSnapshot | null> {
  const last = await db
    .selectFrom('snapshots')
    .select(['id', 'step', 'epoch', 'recorded_at', 'status', 'reason', 'measure_ms'])
    .select(['loss', 'metrics'])
    .where('run_id', '=', runId)
    .orderBy('step', 'desc')
    .executeTakeFirst()
  if (!last) return null
  const rows = await db
    .selectFrom('summaries')
    .select(['measure', 'norm', 'method', 'counting', 'radius_rule', 'point_group', 'median'])
    .where('snapshot_id', '=', last.id)
    .orderBy('measure', 'desc')
    .orderBy('norm')
    .orderBy('method')
    .orderBy('counting')
    .orderBy('radius_rule')
    .execute()
  const groups = inOrder(rows.map((row) => row.point_group))
  const named = rows.map((row) => ({...row, measure: measureText(row)}))
  return {
    ...last,
    metrics: JSON.parse(last.metrics ?? '{}'),
    groups,
    medians: partition(named, (row) => row.measure).map((ofMeasure) => ({
      measure: ofMeasure[0]!.measure,
      median: groups.map(
        (group) => ofMeasure.find((row) => row.point_group === group)?.median ?? null,
      ),
    })),
  }
}
