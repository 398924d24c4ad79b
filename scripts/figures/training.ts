import {mediansOf} from '../findings/medians.js'
import {count, type LogReader, type SelectedRun} from '../select-runs.js'
import {amountAxis} from './amount-axis.js'
import {snapshotsCaption} from './caption.js'
import {chooseOne} from './choose.js'
import {contentsOf, radiiOf} from './contents.js'
import {chooseCounting} from './counting.js'
import {type Figure, type FigureOptions, NothingToDrawError} from './figure.js'
import {panelTitle, type Slot, slots} from './layout.js'
import {page} from './page.js'
import {momentsOf} from './rows.js'
import type {Layer, Panel, Position} from './spec.js'
import {epochLayer, type StepAxis, stepAxis, stepEncoding} from './step-axis.js'

/** A loss or metric of one run at one snapshot. */
interface Score {
  /** The panel's title: `Loss`, `Accuracy`. */
  readonly metric: string
  readonly name: string
  readonly seed: number
  readonly step: number
  readonly series: (typeof series)[number]['name']
  readonly value: number
}

const series = [
  {name: 'training', colour: '#0072b2', dash: [1, 0]},
  {name: 'training, mean of an epoch', colour: '#56b4e9', dash: [1, 0]},
  {name: 'training, one batch', colour: '#999999', dash: [1, 0]},
  {name: 'validation', colour: '#d55e00', dash: [6, 3]},
] as const

/** How far the training itself was: loss and metrics, and the geometry beside them. */
export const training: Figure = {
  name: 'training',
  summary: 'loss and accuracy over training, distance and bound beside them, a line for each seed',
  async spec(log, {runs, notes}, options) {
    const trained = await scoresOf(log, runs)
    if (trained.length === 0) {
      throw new NothingToDrawError(this.name, 'a loss or metrics', log)
    }
    const geometry = await geometryOf(log, runs, options)
    const scores = [...trained, ...geometry]
    const moments = await momentsOf(log, runs)
    const names = [...new Set(runs.map((run) => run.name))]
    const metrics = [...new Set(scores.map((score) => score.metric))]
    const columns = Math.min(2, metrics.length)
    const panels = names
      .flatMap((name) => metrics.map((metric) => ({name, metric})))
      .filter((one) => scores.some(({name, metric}) => name === one.name && metric === one.metric))
    return {
      ...page('Loss and accuracy over training, and the geometry beside them', [
        `A line for each run (${count(runs.length, 'run')}).`,
        geometry.length > 0
          ? `Distance and bound: medians of the points of ${groupsSaid(geometry)}.`
          : '',
        snapshotsCaption(moments),
        ...notes,
      ]),
      data: {values: scores as unknown as object[]},
      columns,
      concat: slots(panels.length, columns).map((slot, place) => {
        const {name, metric} = panels[place]!
        return {
          title: panelTitle(slot, metric, names.length > 1 ? [name] : []),
          transform: [{filter: {and: [isOf('name', name), isOf('metric', metric)]}}],
          ...panel(metric, scores, stepAxis(moments), slot),
        }
      }),
      resolve: {scale: {y: 'independent'}},
    }
  },
}

const isOf = (field: keyof Score & string, equal: string) => ({field, equal})

function panel(metric: string, scores: readonly Score[], steps: StepAxis, slot: Slot): Panel {
  const values = scores.filter((score) => score.metric === metric).map((score) => score.value)
  const isDistance = values.length > 0 && metric.includes('distance')
  const share = metric !== 'Loss' && values.every((value) => value >= 0 && value <= 1)
  const y = {
    field: 'value',
    type: 'quantitative',
    title: null,
    ...(isDistance
      ? amountAxis(values, 'log', true)
      : {scale: share ? {domain: [0, 1]} : {zero: true}, axis: {tickCount: 5}}),
  } satisfies Position
  const shown = series.filter((one) => scores.some((score) => score.series === one.name))
  const names = shown.map((one) => one.name)
  const color = {
    field: 'series',
    type: 'nominal' as const,
    scale: {domain: names, range: shown.map((one) => one.colour)},
    legend: {symbolType: 'stroke', symbolOpacity: 1},
  }
  const strokeDash = {...color, scale: {domain: names, range: shown.map((one) => [...one.dash])}}
  const x = stepEncoding(steps, slot)
  const layer: Layer[] = [
    {
      mark: {type: 'line', strokeWidth: 1.4, point: {size: 9}},
      encoding: {x, y, color, strokeDash, detail: {field: 'seed'}},
    },
  ]
  return {
    width: slot.width,
    height: slot.height,
    layer: [...layer, ...epochLayer(steps)],
    resolve: {axis: {x: 'independent'}},
  }
}

/** `acc` is what TensorFlow.js calls the accuracy; other names stay, with a capital. */
function titleOf(metric: string): string {
  const word = metric === 'acc' ? 'accuracy' : metric
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`
}

/** What a name's beginning says of the data that a metric was measured on. */
const prefixes = {
  /** All training images, by the network as it is at the snapshot. */
  train_: 'training',
  val_: 'validation',
} as const

/**
 * Loss first, then the metrics by name. Where a metric is known of all training images, what `fit` says
 * of a batch or an epoch is left out.
 */
async function scoresOf({db}: LogReader, runs: readonly SelectedRun[]): Promise<readonly Score[]> {
  const rows = await db
    .selectFrom('snapshots')
    .innerJoin('runs', 'runs.id', 'snapshots.run_id')
    .where(
      'runs.id',
      'in',
      runs.map((run) => run.id),
    )
    .select(['name', 'seed', 'step', 'loss', 'loss_scope', 'metrics'])
    .orderBy('name')
    .orderBy('seed')
    .orderBy('step')
    .execute()
  const scores = rows.flatMap(({name, seed, step, loss, loss_scope, metrics}) => {
    const named = {...(loss !== null && {loss}), ...JSON.parse(metrics ?? '{}')}
    return Object.entries(named).map(([metric, value]): Score => {
      const [prefix, of] = Object.entries(prefixes).find(([one]) => metric.startsWith(one)) ?? []
      const fitted = loss_scope === 'batch' ? 'training, one batch' : 'training, mean of an epoch'
      return {
        metric: titleOf(metric.slice(prefix?.length ?? 0)),
        name,
        seed,
        step,
        series: of ?? fitted,
        value: Number(value),
      }
    })
  })
  const whole = new Set(
    scores.filter((score) => score.series === 'training').map((score) => score.metric),
  )
  const order = (score: Score) => (score.metric === 'Loss' ? '' : score.metric)
  return scores
    .filter((score) => Number.isFinite(score.value))
    .filter((score) => !whole.has(score.metric) || !score.series.startsWith('training,'))
    .sort((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0))
}

/** Median distance and median bound at one radius, of training and test points. */
async function geometryOf(
  log: LogReader,
  runs: readonly SelectedRun[],
  options: FigureOptions,
): Promise<readonly Score[]> {
  const {norms} = await contentsOf(log, runs, 'distance')
  const {methods} = await contentsOf(log, runs, 'bound')
  const radii = await radiiOf(log, runs)
  const norm = chooseOne('norm', options.norm, norms, 'l2')
  const method = chooseOne('method', options.method, methods, 'combined')
  const rule = chooseOne('radius', options.radii?.[0], radii, radii[radii.length >> 1] ?? '')
  const distances = (await mediansOf(log, runs, 'distance')).filter((one) => one.norm === norm)
  const counting = method && (await chooseCounting(log, runs, method, options.counting)).counting
  const bounds = (await mediansOf(log, runs, 'bound')).filter(
    (one) => one.method === method && one.counting === counting && one.rule === rule,
  )
  const scores = (metric: string, medians: typeof bounds) =>
    medians.flatMap(({name, seed, step, group, median}): Score[] => {
      const of = group === 'train' ? 'training' : group === 'test' ? 'validation' : undefined
      return of && Number.isFinite(median)
        ? [{metric, name, seed, step, series: of, value: median}]
        : []
    })
  return [
    ...scores(`Median ${norm} distance (input units)`, distances),
    ...scores(`Median bound (log2), radius ${rule}`, bounds),
  ]
}

/** The groups whose medians stand beside the loss. */
function groupsSaid(geometry: readonly Score[]): string {
  const has = (name: Score['series']) => geometry.some(({series}) => series === name)
  if (!has('validation')) return 'the group train'
  return has('training') ? 'the groups train and test (validation)' : 'the group test (validation)'
}
