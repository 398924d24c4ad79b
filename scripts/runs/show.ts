import stringify from 'json-stringify-pretty-compact'
import {durationText, rounded, timeText} from '../amounts.js'
import {count, thousands} from '../select-runs.js'
import {table} from '../table.js'
import {oneLine} from '../terminal.js'
import {type DescribedRun, refusedBackends} from './describe.js'

/** What a run's row says of the model. */
interface Model {
  readonly widths?: readonly number[]
  readonly parameters?: number
  readonly inputShape?: readonly number[]
}

/** A run as a page of plain text. */
export function showText(run: DescribedRun, width?: number): string {
  const {name, layers, measures} = run
  const facts = factsOf(run).map(([title, text]) => `${title.padEnd(12)}${oneLine(text)}\n`)
  const config = stringify(run.config, {maxLength: Math.min(width ?? 100, 100)})
  return [
    `${oneLine(name)}\n${'='.repeat([...oneLine(name)].length)}\n`,
    ...facts,
    `\nconfig\n${config.split('\n').map(oneLine).join('\n')}\n`,
    '\nlayers with a kink\n',
    table(
      ['', 'name', 'class', 'units', 'kinks'],
      layers.map((layer, index) => [index, layer.name, layer.class, layer.units, layer.kinks]),
      width,
    ),
    '\nmeasures\n',
    table(
      ['name', 'unit'],
      measures.map((measure) => [measure.name, measure.unit]),
      width,
    ),
  ].join('')
}

/** A run's row in words, title by title; what is not there is left out. */
export function factsOf(run: DescribedRun): readonly (readonly [title: string, text: string])[] {
  const {snapshots, device, environment} = run
  const {last} = snapshots
  const facts: (readonly [string, string | null | undefined])[] = [
    ['id', run.id],
    ['status', run.error === null ? run.status : `${run.status}: ${run.error}`],
    ['started', `${timeText(run.started_at)}, took ${durationText(run.seconds)}`],
    ['seed', String(run.seed)],
    ['snapshots', snapshotsText(run)],
    ...snapshots.reasons.map((reason) => ['', reason] as const),
    ['time', timeOf(run)],
    ['last', last && lastText(last)],
    ['points', last && pairs(last.points)],
    ['model', modelText(run.model as Model)],
    ['backend', device === null ? run.backend : `${run.backend} (${device})`],
    ...refusedBackends(environment).map(
      ({name, why}, index) => [index === 0 ? 'refused' : '', `${name}: ${why}`] as const,
    ),
    ['host', run.host],
    [
      'versions',
      `tfjs-linear-regions ${run.package_version}, TensorFlow.js ${run.tfjs_version}, Node ${run.node_version}`,
    ],
    [
      'git',
      run.git_commit && `${run.git_commit}${run.git_dirty ? ', with uncommitted changes' : ''}`,
    ],
    ['command', (run.argv as readonly string[]).map(quoted).join(' ')],
  ]
  return facts.flatMap(([title, text]) => (text ? [[title, text] as const] : []))
}

function snapshotsText({snapshots}: DescribedRun): string {
  const {complete, partial, failed, first_step: first, last} = snapshots
  if (!last) return 'none'
  const kinds = [
    partial > 0 ? `${partial} partial` : '',
    failed > 0 ? `${failed} failed` : '',
  ].filter((kind) => kind !== '')
  const other = kinds.length > 0 ? ` (${kinds.join(', ')})` : ''
  return `${complete + partial + failed}${other}, steps ${first} to ${last.step}`
}

function timeOf({snapshots}: DescribedRun): string | null {
  const {train_ms: train, measure_ms: measure, last} = snapshots
  if (!last) return null
  return `${durationText(train / 1000)} of training, ${durationText(measure / 1000)} of measuring`
}

function lastText(last: NonNullable<DescribedRun['snapshots']['last']>): string {
  const {step, epoch, loss, metrics, recorded_at} = last
  const scores = pairs({...(loss !== null && {loss}), ...metrics})
  return `step ${step}, epoch ${rounded(epoch)}${scores && `, ${scores}`}, ${timeText(recorded_at)}`
}

function modelText({widths = [], parameters, inputShape = []}: Model): string {
  const parts = [
    widths.join('-'),
    parameters === undefined ? '' : count(parameters, 'parameter'),
    `input ${inputShape.join(' x ')}`,
  ]
  return parts.filter((part) => part !== '').join(', ')
}

function pairs(numbers: Readonly<Record<string, number | string>>): string {
  return Object.entries(numbers)
    .map(([name, number]) => `${name} ${amount(number)}`)
    .join(', ')
}

const amount = (number: number | string) =>
  typeof number === 'string'
    ? number
    : Number.isInteger(number)
      ? thousands(number)
      : rounded(number, 4)

/** As one would type it in a shell. */
const quoted = (word: string) =>
  /^[\w@%+=:,./~*-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
