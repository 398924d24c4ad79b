import {chooseOne} from '../figures/choose.js'
import {contentsOf, radiiOf} from '../figures/contents.js'
import {chooseCounting} from '../figures/counting.js'
import {type LogReader, selectRuns} from '../select-runs.js'
import {boundariesMoveAway} from './boundaries-move-away.js'
import type {Finding} from './finding.js'
import {attemptsOf, cutShortNotes, measuredToTheEnd} from './measured-to-the-end.js'
import {mediansOf} from './medians.js'
import {
  type Course,
  moreRegionsAroundTrainingPoints,
  regionsOverTraining,
} from './more-regions-around-training-points.js'

export type {Finding} from './finding.js'
export {findingsMarkdown} from './markdown.js'
export type {Course} from './more-regions-around-training-points.js'
export {findingsTable, gridTable} from './table.js'

export interface FindingsOptions {
  /** Names or ids of runs. Default: all. */
  readonly runs?: readonly string[]
  /** Norm of the distances. Default: l2. */
  readonly norm?: string
  /** Method of the bounds. Default: combined where it was logged. */
  readonly method?: string
  /** How the bounds were counted. Default: the tightest that all runs hold. */
  readonly counting?: string
}

/** What a log says of the two findings; plain data, fit for JSON. */
export interface Findings {
  readonly findings: readonly Finding[]
  /** Finding B at each snapshot. */
  readonly courses: readonly Course[]
  /** A sentence for each thing that a reader should know of the table. */
  readonly notes: readonly string[]
}

/**
 * Holds the two findings of the abstract of Zhu, Lin and Tang (arXiv:2007.06803) against a log. Effects
 * are paired by seed; intervals are Student's t over the seeds of one name. The abstract is all that is
 * known of the paper's set-up: these are findings after it, not its numbers.
 *
 * @param log an open log; runs of one name are repetitions with another seed
 * @throws Error where the log has no such runs, norm or method, or no medians of training points
 *
 * @example
 * const {findings} = await findingsOf(log, {runs: ['mlp-128x3']})
 * findings[0].verdict // 'reproduced', 'reversed' or 'undecided'
 */
export async function findingsOf(
  log: LogReader,
  {runs: wanted, ...options}: FindingsOptions = {},
): Promise<Findings> {
  const selection = await selectRuns(log, wanted)
  const runs = selection.runs.filter((run) => run.status !== 'failed')
  if (runs.length === 0) throw new Error(`run: all chosen runs of ${log.path} failed`)
  const ofDistance = await contentsOf(log, runs, 'distance')
  const ofBound = await contentsOf(log, runs, 'bound')
  const norm = chooseOne('norm', options.norm, ofDistance.norms, 'l2')
  const method = chooseOne('method', options.method, ofBound.methods, 'combined')
  const {counting, notes: left} = method
    ? await chooseCounting(log, runs, method, options.counting)
    : {counting: '', notes: []}
  const attempts = await attemptsOf(log, runs)
  const distances = measuredToTheEnd(
    (await mediansOf(log, runs, 'distance')).filter((median) => median.norm === norm),
    attempts,
    2,
  )
  const bounds = measuredToTheEnd(
    (await mediansOf(log, runs, 'bound')).filter(
      (median) => median.method === method && median.counting === counting,
    ),
    attempts,
  )
  const rules = await radiiOf(log, runs)
  const others = (groups: readonly string[]) => groups.filter((group) => group !== 'train')
  const found = [...new Set(runs.map((run) => run.name))].map((name) => {
    const moved = boundariesMoveAway(
      distances.medians.filter((median) => median.name === name),
      others(ofDistance.groups),
    )
    const courses = regionsOverTraining(
      bounds.medians.filter((median) => median.name === name),
      others(ofBound.groups),
      rules,
    )
    return {findings: [...moved, ...courses.flatMap(moreRegionsAroundTrainingPoints)], courses}
  })
  const findings = found.flatMap((ofName) => ofName.findings)
  const courses = found.flatMap((ofName) => ofName.courses)
  const short = shortOf(distances.cutShort, bounds.cutShort)
  return {findings, courses, notes: [...selection.notes, ...left, ...short, ...notesOf(findings)]}
}

/** Seeds are mostly cut short in both findings alike: then they are named once. */
function shortOf(ofA: readonly string[], ofB: readonly string[]): readonly string[] {
  return [
    ...cutShortNotes(
      ofA.filter((seed) => ofB.includes(seed)),
      ' of A and B',
    ),
    ...cutShortNotes(
      ofA.filter((seed) => !ofB.includes(seed)),
      ' of A',
    ),
    ...cutShortNotes(
      ofB.filter((seed) => !ofA.includes(seed)),
      ' of B',
    ),
  ]
}

function notesOf(findings: readonly Finding[]): string[] {
  const lacking = findings.filter(({seeds}) => seeds.some(({effect}) => effect === null))
  const single = findings.some(({seeds}) => seeds.length === 1)
  return [
    'A: natural logarithm of the ratio of median distances, shown as a factor; B: difference of ' +
      'median log2 upper bounds in bits. B compares upper bounds, not counts of regions.',
    'Mean and 95 % t-interval over seeds, paired by seed. Reproduced or reversed: every seed has ' +
      'the same sign and the interval excludes no effect; else undecided. Rows without a verdict describe. Each row is judged on its own, ' +
      'without a correction for their number.',
    ...(single ? ['One seed alone has no interval and decides nothing.'] : []),
    ...(lacking.length === 0
      ? []
      : [`${lacking.length} rows lack a seed whose median is infinite, 0 or not logged.`]),
  ]
}
