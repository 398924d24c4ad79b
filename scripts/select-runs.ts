import type {Log} from '../storage/log.js'
import type {RunStatus} from '../storage/schema.js'

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
 * Chooses runs of a log that can be pooled: of each name and seed one, a finished one before any
 * other and the newest before older ones. Runs of one name are taken for repetitions of one
 * experiment, their seeds apart.
 *
 * @param wanted names, or ids (their first characters will do); default: all runs
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
  const chosen = new Map<string, SelectedRun>()
  let older = 0
  for (const run of wanted ? matching(all, wanted, log.path) : all) {
    const key = JSON.stringify([run.name, run.seed])
    const rival = chosen.get(key)
    if (rival) older++
    if (!rival || (rival.status !== 'finished' && run.status === 'finished')) chosen.set(key, run)
  }
  const runs = [...chosen.values()].sort(
    (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0) || a.seed - b.seed,
  )
  const unfinished = runs.filter((run) => run.status !== 'finished')
  return {
    runs,
    notes: [
      ...(older === 0 ? [] : [`Left out: ${count(older, 'other run')} of the same name and seed.`]),
      ...unfinished.map(({name, seed, status}) => `${name}, seed ${seed}: ${ended[status]}.`),
    ],
  }
}

const ended: Readonly<Record<RunStatus, string>> = {
  finished: 'finished',
  running: 'not finished',
  failed: 'failed before its end',
}

function matching(
  all: readonly SelectedRun[],
  wanted: readonly string[],
  path: string,
): readonly SelectedRun[] {
  for (const word of wanted) {
    if (all.some((run) => answers(run, word))) continue
    const names = [...new Set(all.map((run) => run.name))].sort().join(', ')
    throw new Error(`run: expected a name or an id in ${path} (names: ${names}), got "${word}"`)
  }
  return all.filter((run) => wanted.some((word) => answers(run, word)))
}

const answers = (run: SelectedRun, word: string) =>
  run.name === word || (word.length >= 4 && run.id.startsWith(word))

/** `1 run`, `2 runs`. */
export function count(number: number, what: string): string {
  return `${thousands(number)} ${what}${number === 1 ? '' : 's'}`
}

/** `15,400`, whatever the language of the machine. */
export function thousands(number: number): string {
  return number.toLocaleString('en-US')
}
