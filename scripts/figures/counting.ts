import type {LogReader, SelectedRun} from '../select-runs.js'
import {chooseOne} from './choose.js'

/** From the tightest to the loosest. */
const preferred = ['flats', 'product']

/** How the bounds that are shown were counted: numbers of two countings are never shown together. */
export interface ChosenCounting {
  readonly counting: string
  /** A sentence that names the runs left out, whose bounds were counted otherwise. */
  readonly notes: readonly string[]
}

/**
 * The counting that is asked for, else the tightest that all runs with bounds by the method hold, else the tightest
 * that any of them holds.
 *
 * @throws Error where the one that is asked for is in none of the runs
 */
export async function chooseCounting(
  {db}: LogReader,
  runs: readonly SelectedRun[],
  method: string,
  wanted: string | undefined,
): Promise<ChosenCounting> {
  const held = await db
    .selectFrom('summaries')
    .innerJoin('snapshots', 'snapshots.id', 'summaries.snapshot_id')
    .where(
      'snapshots.run_id',
      'in',
      runs.map((run) => run.id),
    )
    .where('summaries.measure', '=', 'bound')
    .where('summaries.method', '=', method)
    .select(['snapshots.run_id', 'summaries.counting'])
    .distinct()
    .execute()
  const known = [...new Set(held.map((row) => row.counting))]
  const existing = [...preferred, ...known].filter(
    (one, at, all) => known.includes(one) && all.indexOf(one) === at,
  )
  const runsOf = (counting: string) =>
    new Set(held.filter((row) => row.counting === counting).map((row) => row.run_id))
  const everyone = new Set(held.map((row) => row.run_id))
  const shared = existing.find((one) => runsOf(one).size === everyone.size)
  const counting = chooseOne('counting', wanted, existing, shared ?? existing[0]!)!
  const shown = runsOf(counting)
  const left = runs.filter((run) => everyone.has(run.id) && !shown.has(run.id))
  const names = left.map((run) => `${run.name}, seed ${run.seed}`).join('; ')
  return {
    counting,
    notes:
      left.length > 0
        ? [`Left out, since bounds were not counted by "${counting}": ${names}.`]
        : [],
  }
}
