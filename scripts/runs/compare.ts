import {rounded} from '../amounts.js'
import {UsageError} from '../command.js'
import {inOrder} from '../figures/groups.js'
import {measureText} from '../measure-text.js'
import {partition} from '../partition.js'
import {table} from '../table.js'
import {type DescribedRun, describeRuns} from './describe.js'
import type {RunLog} from './find.js'

/** Runs side by side: each list has one entry for each run. */
export interface Comparison {
  readonly runs: readonly {readonly id: string; readonly name: string; readonly seed: number}[]
  /** What is not the same in all runs: settings by their path, null where a run has none. */
  readonly differences: Readonly<Record<string, readonly unknown[]>>
  /** How many settings are the same. */
  readonly same: number
  /** The last step at which each run has numbers; null where it has none. */
  readonly steps: readonly (number | null)[]
  /** Medians at those steps; null where a run has none. */
  readonly medians: readonly ComparedMedian[]
}

interface ComparedMedian {
  readonly measure: string
  readonly norm: string
  readonly method: string
  readonly counting: string
  readonly radius_rule: string
  readonly point_group: string
  readonly medians: readonly (number | null)[]
}

/** Compares the runs of those names or ids. */
export async function compareRuns(log: RunLog, wanted: readonly string[]): Promise<Comparison> {
  const runs = await describeRuns(log, wanted)
  if (runs.length < 2) {
    throw new UsageError(`run: expected at least two runs to compare, got one (${runs[0]!.id})`)
  }
  const settings = runs.map(settingsOf)
  const paths = [...new Set(settings.flatMap((one) => [...one.keys()]))]
  const values = paths.map((path) => [path, settings.map((one) => one.get(path) ?? null)] as const)
  const different = values.filter(([, list]) => new Set(list.map(textOf)).size > 1)
  const finals = await Promise.all(runs.map(({id}) => finalMedians(log, id)))
  const all = finals.flatMap((final, run) => final.rows.map((row) => ({...row, run})))
  const groups = inOrder(all.map((row) => row.point_group))
  return {
    runs: runs.map(({id, name, seed}) => ({id, name, seed})),
    differences: Object.fromEntries(different),
    same: values.length - different.length,
    steps: finals.map(({step}) => step),
    medians: partition(all, ofMeasure).flatMap((together) =>
      groups.flatMap((group) => {
        const ofGroup = together.filter((row) => row.point_group === group)
        if (ofGroup.length === 0) return []
        const {run: _, median: __, ...key} = ofGroup[0]!
        const medianOf = (run: number) => ofGroup.find((row) => row.run === run)?.median ?? null
        return [{...key, medians: runs.map((_run, index) => medianOf(index))}]
      }),
    ),
  }
}

type Measured = Omit<ComparedMedian, 'medians'>

const ofMeasure = ({measure, norm, method, counting, radius_rule}: Measured) =>
  JSON.stringify([measure, norm, method, counting, radius_rule])

/** What was chosen before the training began, by its path, such as `config.learningRate`. */
function settingsOf(run: DescribedRun): Map<string, unknown> {
  const {name, seed, status, model, config, backend, device, layers} = run
  const {tfjs_version, node_version, package_version, host, git_commit, git_dirty} = run
  const versions = {tfjs_version, node_version, package_version, host, git_commit, git_dirty}
  const {widths, parameters, inputShape} = model as Record<string, unknown>
  const classes = layers.map((layer) => layer.class).join(', ')
  const chosen = {name, seed, status, model: {widths, parameters, inputShape, classes}, config}
  return new Map(flatten('', {...chosen, backend, device, ...versions}))
}

function flatten(path: string, value: unknown): (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, value]]
  return Object.entries(value).flatMap(([name, item]) =>
    flatten(path === '' ? name : `${path}.${name}`, item),
  )
}

async function finalMedians({db}: RunLog, runId: string) {
  const last = await db
    .selectFrom('snapshots')
    .select(['id', 'step'])
    .where('run_id', '=', runId)
    .where('id', 'in', db.selectFrom('summaries').select('snapshot_id').distinct())
    .orderBy('step', 'desc')
    .executeTakeFirst()
  if (!last) return {step: null, rows: []}
  const rows = await db
    .selectFrom('summaries')
    .select(['measure', 'norm', 'method', 'counting', 'radius_rule', 'point_group', 'median'])
    .where('snapshot_id', '=', last.id)
    .orderBy('measure', 'desc')
    .orderBy('norm')
    .orderBy('method')
    .orderBy('counting')
    .orderBy('radius_rule')
    .execute()
  return {step: last.step, rows}
}

/** As two tables for people. */
export function compareText(comparison: Comparison, width?: number): string {
  const {differences, same, steps, medians} = comparison
  const head = ['', ...labels(comparison.runs)]
  const settings = Object.entries(differences).map(([path, values]) => [
    path,
    ...values.map((value) => (value === null ? null : textOf(value))),
  ])
  const numbers = medians.map(({medians: values, point_group, ...row}) => [
    `${measureText(row)} ${point_group}`,
    ...values.map((value) => rounded(value)),
  ])
  return [
    `What differs (${same} other settings are the same)\n`,
    table(head, settings, width),
    '\nMedians at the last step that has any\n',
    table(head, [['step', ...steps], ...numbers], width),
  ].join('')
}

/** What tells each run from the others: its name, its seed where that is not enough, or its id. */
function labels(runs: Comparison['runs']): string[] {
  const oneName = new Set(runs.map(({name}) => name)).size === 1
  return runs.map(({id, name, seed}) => {
    const namesakes = runs.filter((run) => run.name === name)
    if (namesakes.length === 1) return name
    const alone = namesakes.filter((run) => run.seed === seed).length === 1
    const which = alone ? `seed ${seed}` : id.slice(0, 8)
    return oneName ? which : `${name}, ${which}`
  })
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))
