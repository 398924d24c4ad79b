import {secondsAlive} from '../../storage/liveness.js'
import type {Log} from '../../storage/log.js'
import type {RunRow} from '../../storage/schema.js'
import {matchingRuns} from '../select-runs.js'

/** What looking at runs needs of a log. */
export type RunLog = Pick<Log, 'db' | 'dialect' | 'path'>

/** A run's row; its status says so where it was cut off. */
export type FoundRun = Omit<RunRow, 'status'> & {
  readonly status: RunRow['status'] | 'abandoned'
}

/**
 * The runs of a log, the oldest first: each one, not one for each seed as figures have them. Where
 * the process of one can be looked at from here, that tells whether it was cut off.
 *
 * @param wanted names, or ids (four characters of one will do); default: all runs
 * @throws Error where there is none of that name or id, or several ids begin so
 */
export async function findRuns(
  {db, path}: RunLog,
  wanted?: readonly string[],
): Promise<readonly FoundRun[]> {
  const rows = await db.selectFrom('runs').selectAll().orderBy('started_at').orderBy('id').execute()
  const all = rows.map((run) => ({...run, status: statusOf(run)}))
  return wanted ? chosenRuns(all, wanted, path) : all
}

/**
 * Those of some runs that are named.
 *
 * @param place where they are, for the error
 * @throws as `findRuns`
 */
export function chosenRuns(
  all: readonly FoundRun[],
  wanted: readonly string[],
  place: string,
): readonly FoundRun[] {
  for (const word of wanted) {
    const begun = new Set(all.flatMap(({id}) => (id.startsWith(word) ? [id] : []))).size
    if (begun > 1 && !all.some((run) => run.name === word)) {
      throw new Error(`run: expected one run, got "${word}", with which ${begun} ids begin`)
    }
  }
  return matchingRuns(all, wanted, place)
}

// the views go by silence alone: a database sees no processes
function statusOf(run: RunRow): FoundRun['status'] {
  return run.status === 'running' && secondsAlive(run) === null ? 'abandoned' : run.status
}
