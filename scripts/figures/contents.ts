import type {LogReader, SelectedRun} from '../select-runs.js'
import {inOrder} from './groups.js'

const ids = (runs: readonly SelectedRun[]) => runs.map((run) => run.id)

/** What the runs hold of a measure: each list without repetition, in a fixed order. */
export interface Contents {
  readonly groups: readonly string[]
  readonly norms: readonly string[]
  readonly methods: readonly string[]
}

/** Which groups, norms and methods the runs hold of a measure. */
export async function contentsOf(
  {db}: LogReader,
  runs: readonly SelectedRun[],
  measure: 'distance' | 'bound',
): Promise<Contents> {
  const rows = await db
    .selectFrom('summaries')
    .innerJoin('snapshots', 'snapshots.id', 'summaries.snapshot_id')
    .where('snapshots.run_id', 'in', ids(runs))
    .where('summaries.measure', '=', measure)
    .select(['summaries.point_group', 'summaries.norm', 'summaries.method'])
    .distinct()
    .execute()
  return {
    groups: inOrder(rows.map((row) => row.point_group)),
    norms: [...new Set(rows.map((row) => row.norm))].sort(),
    methods: [...new Set(rows.map((row) => row.method))].sort(),
  }
}

/** The radius rules of the runs' bounds, as text, in the order of their radii. */
export async function radiiOf(
  {db}: LogReader,
  runs: readonly SelectedRun[],
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('bounds')
    .innerJoin('snapshots', 'snapshots.id', 'bounds.snapshot_id')
    .where('snapshots.run_id', 'in', ids(runs))
    .select(['bounds.radius_rule', ({fn}) => fn.avg('bounds.radius').as('radius')])
    .groupBy('bounds.radius_rule')
    .execute()
  return rows
    .sort((a, b) => Number(a.radius) - Number(b.radius) || (a.radius_rule < b.radius_rule ? -1 : 1))
    .map((row) => row.radius_rule)
}
