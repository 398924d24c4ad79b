import type {Log} from '../storage/log.js'
import type {RunStatus} from '../storage/schema.js'
import {partition} from './partition.js'

/** What reading a log needs of it. */
export type LogReader = Pick<Log, 'db' | 'path'>

/** One training that a figure or a table is made from. */
export interface SelectedRun {
  readonly id: string
  readonly name: string
  readonly seed: number
  readonly status: RunStatus
}

export interface Selection {
  /** By name, then by seed; no two of one name have the same seed. */
  readonly runs: readonly SelectedRun[]
  /** A sentence for each thing that a reader should know of the choice. */
  readonly notes: readonly string[]
}

/**
 * Chooses runs of a log that can be pooled. Runs of one name are taken for repetitions of one
 * experiment: of each name and seed the newest is chosen, a finished one before any other; and where
 * a name has finished runs, the unfinished ones are left out, because nothing can be pooled beyond
 * their last snapshot. A run that is named by its id is taken whatever became of it.
 *
 * @param wanted names, or ids (four characters of one will do); default: all runs
 * @throws Error where the log has no runs, or none of that name or id
 *
 * @example
 * const {runs} = await selectRuns(log, ['mlp-128x3'])
 * runs.map((run) => run.seed) // [1, 2, 3]
 */
export async function selectRuns(log: LogReader, wanted?: readonly string[]): Promise<Selection> {
  const all = await log.db
    .selectFrom('runs')
    .select(['id', 'name', 'seed', 'status'])
    .orderBy('started_at', 'desc')
    .orderBy('id')
    .execute()
  if (all.length === 0) throw new Error(`database: ${log.path} holds no runs yet`)
  const asked = wanted ? matchingRuns(all, wanted, log.path) : all
  const byId = (run: SelectedRun) => wanted?.some((word) => hasId(run, word)) ?? false
  const rank = (run: SelectedRun) => (byId(run) ? 0 : run.status === 'finished' ? 1 : 2)
  const best = partition(asked, (run) => JSON.stringify([run.name, run.seed])).map(
    // The sort is stable: among equals the newest stays first.
    (rivals) => rivals.sort((a, b) => rank(a) - rank(b))[0]!,
  )
  const done = new Set(best.filter((run) => run.status === 'finished').map((run) => run.name))
  const runs = best
    .filter((run) => byId(run) || run.status === 'finished' || !done.has(run.name))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0) || a.seed - b.seed)
  const others = asked.length - best.length
  const state = ({name, seed, status}: SelectedRun) => `${name}, seed ${seed} (${ended[status]})`
  return {
    runs,
    notes: [
      others > 0
        ? `Left out: ${count(others, 'other run')} of the same name and seed as a newer or finished one.`
        : '',
      ...best.filter((run) => !runs.includes(run)).map((run) => `Left out: ${state(run)}.`),
      ...runs.filter((run) => run.status !== 'finished').map((run) => `Unfinished: ${state(run)}.`),
    ].filter((note) => note !== ''),
  }
}

const ended: Readonly<Record<RunStatus, string>> = {
  finished: 'finished',
  running: 'running, or cut off',
  failed: 'failed',
}

/**
 * The runs that have one of the names, or an id that begins with one.
 *
 * @param path of the log, for the error
 * @throws Error where there is none for a word, with the names that there are
 */
export function matchingRuns<Run extends Pick<SelectedRun, 'id' | 'name'>>(
  all: readonly Run[],
  wanted: readonly string[],
  path: string,
): readonly Run[] {
  for (const word of wanted) {
    if (all.some((run) => answers(run, word))) continue
    const names = [...new Set(all.map((run) => run.name))].sort().join(', ')
    throw new Error(`run: expected a name or an id in ${path} (names: ${names}), got "${word}"`)
  }
  return all.filter((run) => wanted.some((word) => answers(run, word)))
}

const hasId = (run: Pick<SelectedRun, 'id'>, word: string) =>
  word.length >= 4 && run.id.startsWith(word)

const answers = (run: Pick<SelectedRun, 'id' | 'name'>, word: string) =>
  run.name === word || hasId(run, word)

/** `1 run`, `2 runs`. */
export function count(number: number, what: string): string {
  return `${thousands(number)} ${what}${number === 1 ? '' : 's'}`
}

/** `15,400`, whatever the language of the machine. */
export function thousands(number: number): string {
  return number.toLocaleString('en-US')
}
