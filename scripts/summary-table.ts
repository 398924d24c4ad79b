import Table from 'cli-table3'
import {measureText} from './measure-text.js'
import type {LogReader} from './select-runs.js'

/**
 * Medians of some runs' snapshots as plain text: of each group the distance to the boundary, and
 * log2 of the bound for each method, counting and radius.
 */
export async function summaryTable({db}: LogReader, runs: readonly string[]): Promise<string> {
  const rows = await db
    .selectFrom('summaries')
    .innerJoin('snapshots', 'snapshots.id', 'summaries.snapshot_id')
    .innerJoin('runs', 'runs.id', 'snapshots.run_id')
    .select(['runs.name as run', 'snapshots.step', 'summaries.point_group as group'])
    .select(['summaries.measure', 'summaries.norm', 'summaries.method', 'summaries.counting'])
    .select('summaries.radius_rule')
    .select(['summaries.n', 'summaries.median', 'summaries.q10', 'summaries.q90'])
    .where('runs.id', 'in', [...runs])
    .orderBy('runs.started_at')
    .orderBy('snapshots.step')
    .orderBy('summaries.measure', 'desc')
    .orderBy('summaries.method')
    .orderBy('summaries.counting')
    .orderBy('summaries.radius_rule')
    .orderBy('summaries.point_group')
    .execute()
  const table = new Table({
    head: ['run', 'step', 'measure', 'group', 'points', 'median', '10-90 %'],
    style: {head: [], border: [], compact: true},
  })
  for (const row of rows) {
    const band = `${short(row.q10)} to ${short(row.q90)}`
    table.push([row.run, row.step, measureText(row), row.group, row.n, short(row.median), band])
  }
  return `${table.toString()}\n`
}

const short = (value: number | null) => (value === null ? '' : String(Number(value.toPrecision(3))))
