import {durationText, rounded} from '../amounts.js'
import {count} from '../select-runs.js'
import {table} from '../table.js'
import {type FoundRun, findRuns, type RunLog} from './find.js'

/** A run in one line; the names are those of the log's columns. */
export interface ListedRun {
  readonly id: string
  readonly name: string
  readonly status: FoundRun['status']
  readonly seed: number
  readonly started_at: string
  /** From its start to its end, or to its last sign of life. */
  readonly seconds: number
  readonly snapshots: number
  /** How many of them have no numbers, such as those of a network whose weights became NaN. */
  readonly failed_snapshots: number
  /** Of the last snapshot; null where there is none. */
  readonly step: number | null
  readonly epoch: number | null
  readonly loss: number | null
  readonly backend: string
}

/** Every run of a log, or those of some names or ids, the oldest first. */
export async function listRuns(log: RunLog, wanted?: readonly string[]): Promise<ListedRun[]> {
  const runs = await findRuns(log, wanted)
  const {db} = log
  const newest = db
    .selectFrom('snapshots')
    .select(['run_id', ({fn}) => fn.max('step').as('step')])
    .select(({fn}) => fn.countAll<number>().as('snapshots'))
    .select(({fn}) =>
      fn.countAll<number>().filterWhere('status', '=', 'failed').as('failed_snapshots'),
    )
    .groupBy('run_id')
    .as('newest')
  const last = await db
    .selectFrom('snapshots')
    .innerJoin(newest, (join) =>
      join
        .onRef('newest.run_id', '=', 'snapshots.run_id')
        .onRef('newest.step', '=', 'snapshots.step'),
    )
    .select(['snapshots.run_id', 'snapshots.step', 'snapshots.epoch', 'snapshots.loss'])
    .select(['newest.snapshots', 'newest.failed_snapshots'])
    .execute()
  const byRun = new Map(last.map(({run_id, ...rest}) => [run_id, rest]))
  return runs.map((run) => ({
    id: run.id,
    name: run.name,
    status: run.status,
    seed: run.seed,
    started_at: run.started_at,
    seconds: secondsOf(run),
    snapshots: 0,
    failed_snapshots: 0,
    step: null,
    epoch: null,
    loss: null,
    ...byRun.get(run.id),
    backend: run.backend,
  }))
}

/** Seconds from a run's start to its end, or to its last sign of life. */
export function secondsOf({started_at, ended_at, heartbeat_at}: FoundRun): number {
  return (Date.parse(ended_at ?? heartbeat_at) - Date.parse(started_at)) / 1000
}

function statusText({status, failed_snapshots: failed}: ListedRun): string {
  return failed === 0 ? status : `${status} (${count(failed, 'snapshot')} failed)`
}

/** As a table for people: the head of each id is enough to name a run. */
export function listText(runs: readonly ListedRun[], width?: number): string {
  if (runs.length === 0) return 'no runs yet\n'
  // what matters most stands to the left, where a narrow terminal leaves it
  const head = ['id', 'name', 'seed', 'status', 'step', 'epoch', 'loss', 'took', 'started (UTC)']
  const rows = runs.map((run) => [
    run.id.slice(0, 8),
    run.name,
    run.seed,
    statusText(run),
    run.step,
    rounded(run.epoch),
    rounded(run.loss),
    durationText(run.seconds),
    run.started_at.slice(0, 16).replace('T', ' '),
    run.snapshots,
    run.backend,
  ])
  return table([...head, 'snapshots', 'backend'], rows, width)
}
