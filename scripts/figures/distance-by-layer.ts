import {partition} from '../partition.js'
import {thousands} from '../select-runs.js'
import {aloneCaption, pointsOf, snapshotsCaption} from './caption.js'
import {chooseOne, chooseSome} from './choose.js'
import {contentsOf} from './contents.js'
import {type Figure, NothingToDrawError} from './figure.js'
import {panelTitle, type Slot, slots} from './layout.js'
import {page} from './page.js'
import {atSharedSteps} from './pool.js'
import {type DistanceRow, distanceRows, momentsOf} from './rows.js'
import type {Colour, Panel, Position} from './spec.js'
import {epochLayer, type StepAxis, stepAxis, stepEncoding} from './step-axis.js'
import {colours} from './theme.js'

/** Which layer holds the boundary nearest to a point: shares of the points, over training. */
export const distanceByLayer: Figure = {
  name: 'distance-by-layer',
  summary: 'share of points whose nearest boundary lies in each layer, over training',
  async spec(log, {runs, notes}, options) {
    const contents = await contentsOf(log, runs, 'distance')
    const norm = chooseOne('norm', options.norm, contents.norms, 'l2')
    const groups = chooseSome('group', options.groups, contents.groups)
    if (!norm) throw new NothingToDrawError(this.name, 'distances', log)
    const rows = (await distanceRows(log, runs, norm)).filter((row) => groups.includes(row.group))
    const moments = await momentsOf(log, runs)
    const names = [...new Set(runs.map((run) => run.name))]
    const none = rows.filter((row) => row.layer === null).length
    const {values, alone} = shares(rows)
    const columns = Math.min(3, groups.length)
    const panels = names.flatMap((name) => groups.map((group) => ({name, group})))
    return {
      ...page('Layer of the nearest region boundary over training', [
        `Share of the points whose nearest boundary (${norm}) belongs to a unit of each layer; layers`,
        'with a kink count from 0, the one next to the input. Points of all seeds together',
        `(${pointsOf(rows)} of each group, seed and snapshot).`,
        none === 0
          ? ''
          : `Left out: ${thousands(none)} of ${thousands(rows.length)} points, which no boundary reaches.`,
        aloneCaption(alone),
        snapshotsCaption(moments),
        ...notes,
      ]),
      data: {values: [...values]},
      columns,
      concat: slots(panels.length, columns).map((slot, place) => {
        const {name, group} = panels[place]!
        return {
          title: panelTitle(slot, `${group} points`, names.length > 1 ? [name] : []),
          transform: [{filter: {and: [isOf('name', name), isOf('group', group)]}}],
          ...panel(stepAxis(moments), slot),
        }
      }),
    }
  },
}

const isOf = (field: keyof Share & string, equal: string) => ({field, equal})

function panel(steps: StepAxis, slot: Slot): Panel {
  const {width, height, leftmost} = slot
  const y = {
    field: 'from',
    type: 'quantitative',
    title: leftmost ? 'Share of points' : null,
    scale: {domain: [0, 1]},
    axis: {format: '.0%', tickCount: 5, labels: leftmost, ticks: leftmost, domain: leftmost},
  } satisfies Position
  const color = {
    field: 'layer',
    type: 'ordinal',
    scale: {scheme: {name: colours.ordered, extent: [0.15, 0.95]}},
    legend: {labelExpr: "'layer ' + datum.label", symbolType: 'square', symbolSize: 180},
  } satisfies Colour
  return {
    width,
    height,
    layer: [
      {
        mark: {type: 'area', opacity: 1, stroke: 'white', strokeWidth: 0.6},
        encoding: {x: stepEncoding(steps, slot), y, y2: {field: 'to'}, color},
      },
      ...epochLayer(steps),
    ],
    resolve: {axis: {x: 'independent'}},
  }
}

/** The part of 0..1 that a layer takes at a step, one layer upon another. */
interface Share {
  readonly name: string
  readonly group: string
  readonly step: number
  readonly layer: number
  readonly from: number
  readonly to: number
}

function shares(rows: readonly DistanceRow[]): {values: readonly Share[]; alone: number} {
  const reached = rows.filter((row) => row.layer !== null)
  const layers = [...new Set(reached.map((row) => row.layer!))].sort((a, b) => a - b)
  const panels = partition(reached, (row) => `${row.name}\n${row.group}`).map(atSharedSteps)
  const values = panels.flatMap(({steps}) =>
    steps.flatMap((together) => {
      const {name, group, step} = together[0]!
      let to = 0
      return layers.map((layer): Share => {
        const from = to
        to += together.filter((row) => row.layer === layer).length / together.length
        return {name, group, step, layer, from, to}
      })
    }),
  )
  return {values, alone: panels.reduce((sum, one) => sum + one.alone, 0)}
}
