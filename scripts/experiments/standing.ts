import {isDeepStrictEqual} from 'node:util'
import {secondsAlive} from '../../storage/liveness.js'
import type {Log} from '../../storage/log.js'
import type {RunRow} from '../../storage/schema.js'
import {UsageError} from '../command.js'
import type {Training} from './grid.js'

/** A run of the study, and what the log has of it already. */
export interface Standing extends Training {
  readonly state: 'finished' | 'running' | 'open'
  /** The run's id where it is finished. */
  readonly runId: string | null
}

type StudyLog = Pick<Log, 'db' | 'path'>

/**
 * What a log has of the runs of a study. A run is known again by its name, seed and config. One that
 * was broken off counts as open: it begins anew.
 *
 * @throws `UsageError` where the log holds another experiment
 */
export async function standingOf(
  log: StudyLog | null,
  trainings: readonly Training[],
): Promise<readonly Standing[]> {
  const other = await otherExperiment(log, trainings)
  if (other !== null) throw new UsageError(other)
  const rows = await rowsOf(log)
  return trainings.map((training) => ({...training, ...stateOf(training, rows)}))
}

/**
 * Why a study cannot be logged there: a run has the name of one of the study, and another config, and
 * runs of one name are shown together. Null where it can.
 */
export async function otherExperiment(
  log: StudyLog | null,
  trainings: readonly Training[],
): Promise<string | null> {
  const names = new Map(trainings.map(({name, experiment}) => [name, experiment]))
  for (const row of await rowsOf(log)) {
    const experiment = names.get(row.name)
    if (!experiment) continue
    const fields = differing(JSON.parse(row.config), experiment)
    if (fields.length === 0) continue
    return `out: ${log!.path} holds runs of another experiment: "${row.name}" with ${fields.join(', ')}; take another --out or --database, or, without --database, --force to train all anew in its place`
  }
  return null
}

const rowsOf = async (log: StudyLog | null): Promise<readonly RunRow[]> =>
  log ? await log.db.selectFrom('runs').selectAll().orderBy('started_at').execute() : []

function stateOf({name, seed}: Training, rows: readonly RunRow[]) {
  const own = rows.filter((row) => row.name === name && row.seed === seed)
  const finished = own.findLast((row) => row.status === 'finished')
  if (finished) return {state: 'finished', runId: finished.id} as const
  const isRunning = own.some((row) => secondsAlive(row) !== null)
  return {state: isRunning ? 'running' : 'open', runId: null} as const
}

/** The fields that differ, in words: `epochs 2, not 20`. */
function differing(got: Record<string, unknown>, expected: object): string[] {
  const wanted = JSON.parse(JSON.stringify(expected)) as Record<string, unknown>
  return [...new Set([...Object.keys(wanted), ...Object.keys(got)])]
    .filter((field) => !isDeepStrictEqual(got[field], wanted[field]))
    .map((field) => `${field} ${JSON.stringify(got[field])}, not ${JSON.stringify(wanted[field])}`)
}
