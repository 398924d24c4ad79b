import type {TopLevelSpec} from 'vega-lite'
import {amountAxis} from './amount-axis.js'
import {type Drawable, drawable} from './drawable.js'
import {groupColour, groupDash} from './groups.js'
import {panelTitle, type Slot, slots} from './layout.js'
import {page} from './page.js'
import type {Pooled} from './pool.js'
import type {Layer, Panel, Position} from './spec.js'
import {epochLayer, type StepAxis, stepEncoding} from './step-axis.js'

export interface PanelName {
  /** What the observations of the panel carry. */
  readonly panel: string
  /** Those of its groups that are drawn; the scale holds all of them. */
  readonly groups: readonly string[]
  readonly title: string
  /** Its lines. */
  readonly subtitle?: readonly string[]
}

/** What a figure of groups of points over training says; how it looks is written here once. */
export interface OverTraining {
  readonly title: string
  readonly caption: readonly string[]
  /** In the order in which they stand, row by row. */
  readonly panels: readonly PanelName[]
  readonly columns: number
  /** Names of the groups, in the order of the legend. */
  readonly groups: readonly string[]
  readonly pooled: Pooled
  readonly steps: StepAxis
  readonly amount: {
    readonly title: string
    readonly scale: 'linear' | 'log'
    /** Whether all panels have the same scale. */
    readonly shared: boolean
  }
}

interface Row {
  readonly panel: string
  readonly group: string
}

type Datasets = Omit<Drawable, 'notes'>

/**
 * Panels of a quantity over training: for each group of points the median as a thick line with a dot
 * at each snapshot, the 10-90 % band around it, and the median of each seed as a thin line.
 *
 * @returns a Vega-Lite spec with its data inline
 * @throws Error where nothing can be drawn
 */
export function overTraining(figure: OverTraining): TopLevelSpec {
  const {caption, amount, pooled} = figure
  const {notes, ...datasets} = drawable(pooled, amount.scale)
  const rows = Object.values(datasets).flat()
  const panels = figure.panels.filter(({panel, groups}) =>
    rows.some((row) => row.panel === panel && groups.includes(row.group)),
  )
  if (panels.length === 0) throw new Error(`figure: no number of "${figure.title}" can be drawn`)
  const columns = Math.min(figure.columns, panels.length)
  return {
    ...page(figure.title, [...caption, ...notes]),
    datasets: datasets as unknown as Record<string, object[]>,
    columns,
    concat: slots(panels.length, columns).map((slot, place) =>
      panelOf({...figure, panels}, datasets, panels[place]!, slot),
    ),
    resolve: {scale: {y: amount.shared ? 'shared' : 'independent'}},
  }
}

function panelOf(figure: OverTraining, datasets: Datasets, name: PanelName, slot: Slot): Panel {
  const {panels, groups, steps, amount} = figure
  const {panel, groups: shown, title, subtitle} = name
  const scaled = (row: {panel: string}) => amount.shared || row.panel === panel
  const here = (row: Row) => row.panel === panel && shown.includes(row.group)
  const values = [
    ...datasets.bands.filter(scaled).flatMap(({low, high}) => [low, high]),
    ...[...datasets.lines, ...datasets.medians].filter(scaled).map(({median}) => median),
  ]
  const x = stepEncoding(steps, slot)
  const y = {
    field: 'median',
    type: 'quantitative',
    title: slot.leftmost ? amount.title : null,
    ...amountAxis(values, amount.scale, slot.leftmost || !amount.shared),
  } satisfies Position
  const color = groupColour(groups)
  const detail = {field: 'stretch'}
  const layers: Record<keyof Datasets, Layer[]> = {
    bands: [
      {
        mark: {type: 'area', opacity: 0.16},
        encoding: {x, y: {...y, field: 'low'}, y2: {field: 'high'}, color, detail},
      },
    ],
    medians: [
      {
        mark: {type: 'line', strokeWidth: 0.8, opacity: 0.65},
        encoding: {x, y, color, detail: [{field: 'seed'}, detail]},
      },
    ],
    lines: [
      {mark: 'line', encoding: {x, y, color, strokeDash: groupDash(groups), detail}},
      {
        mark: {type: 'point', filled: true, opacity: 1, size: panels.length > 1 ? 12 : 20},
        encoding: {x, y, color},
      },
    ],
  }
  const transform = [
    {
      filter: {
        and: [
          {field: 'panel', equal: panel},
          {field: 'group', oneOf: [...shown]},
        ],
      },
    },
  ]
  const layer = (['bands', 'medians', 'lines'] as const)
    // Vega warns of a mark without data: the scale of nothing is undefined.
    .filter((name) => datasets[name].some(here))
    .flatMap((name) => layers[name].map((one) => ({...one, data: {name}, transform})))
  return {
    ...(panels.length > 1 && {title: panelTitle(slot, title, subtitle)}),
    width: slot.width,
    height: slot.height,
    layer: [{layer}, ...epochLayer(steps)],
    resolve: {axis: {x: 'independent'}},
  }
}
