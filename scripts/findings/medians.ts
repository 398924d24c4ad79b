import type {LogReader, SelectedRun} from '../select-runs.js'

/** Median over a group of points at one snapshot of one run. */
export interface Median {
  readonly name: string
  readonly seed: number
  readonly step: number
  readonly epoch: number
  readonly group: string
  readonly norm: string
  readonly method: string
  /** How bounds were counted; '' of distances. */
  readonly counting: string
  readonly rule: string
  /** May be infinite. */
  readonly median: number
}

/** Medians of the runs' distances or bounds, as they were logged with each snapshot, by step. */
export async function mediansOf(
  {db}: LogReader,
  runs: readonly SelectedRun[],
  measure: 'distance' | 'bound',
): Promise<readonly Median[]> {
  return await db
    .selectFrom('summaries')
    .innerJoin('snapshots', 'snapshots.id', 'summaries.snapshot_id')
    .innerJoin('runs', 'runs.id', 'snapshots.run_id')
    .where(
      'runs.id',
      'in',
      runs.map((run) => run.id),
    )
    .where('summaries.measure', '=', measure)
    .select([
      'runs.name',
      'runs.seed',
      'snapshots.step',
      'snapshots.epoch',
      'summaries.point_group as group',
      'summaries.norm',
      'summaries.method',
      'summaries.counting',
      'summaries.radius_rule as rule',
      'summaries.median',
    ])
    .orderBy('runs.name')
    .orderBy('runs.seed')
    .orderBy('snapshots.step')
    .execute()
}
