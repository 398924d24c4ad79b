import {count, type LogReader, type SelectedRun} from '../select-runs.js'
import {snapshotsCaption} from './caption.js'
import {type Figure, NothingToDrawError} from './figure.js'
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
  {name: 'training, mean of an epoch', colour: '#0072b2', dash: [1, 0]},
  {name: 'training, one batch', colour: '#999999', dash: [1, 0]},
  {name: 'validation', colour: '#d55e00', dash: [6, 3]},
] as const

/** Loss and metrics beside the geometry: how far the training itself was. */
export const training: Figure = {
  name: 'training',
  summary: 'loss and metrics (such as accuracy) over training, a line for each seed',
  async spec(log, {runs, notes}) {
    const scores = await scoresOf(log, runs)
    if (scores.length === 0) {
      throw new NothingToDrawError(this.name, 'a loss or metrics', log)
    }
    const moments = await momentsOf(log, runs)
    const names = [...new Set(runs.map((run) => run.name))]
    const metrics = [...new Set(scores.map((score) => score.metric))]
    const columns = Math.min(2, metrics.length)
    const panels = names
      .flatMap((name) => metrics.map((metric) => ({name, metric})))
      .filter((one) => scores.some(({name, metric}) => name === one.name && metric === one.metric))
    return {
      ...page('Loss and metrics over training', [
        `A line for each run (${count(runs.length, 'run')}); before the first batch there is no loss yet.`,
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
  const share = metric !== 'Loss' && values.every((value) => value >= 0 && value <= 1)
  const y = {
    field: 'value',
    type: 'quantitative',
    title: null,
    scale: share ? {domain: [0, 1]} : {zero: true},
    axis: {tickCount: 5},
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

/** Loss first, then the metrics by name; `val_` marks what was measured on validation data. */
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
      const validation = metric.startsWith('val_')
      const trained = loss_scope === 'batch' ? 'training, one batch' : 'training, mean of an epoch'
      return {
        metric: titleOf(validation ? metric.slice('val_'.length) : metric),
        name,
        seed,
        step,
        series: validation ? 'validation' : trained,
        value: Number(value),
      }
    })
  })
  const order = (score: Score) => (score.metric === 'Loss' ? '' : score.metric)
  return scores
    .filter((score) => Number.isFinite(score.value))
    .sort((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0))
}
