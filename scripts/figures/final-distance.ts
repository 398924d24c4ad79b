import {attemptsOf, cutShortNotes, measuredToTheEnd} from '../findings/measured-to-the-end.js'
import {mediansOf} from '../findings/medians.js'
import {partition} from '../partition.js'
import type {LogReader, SelectedRun} from '../select-runs.js'
import {seedsOf} from './caption.js'
import {chooseOne} from './choose.js'
import {contentsOf} from './contents.js'
import {extentOf} from './extent.js'
import {type Figure, NothingToDrawError} from './figure.js'
import {panelTitle, type Slot, slots} from './layout.js'
import {page} from './page.js'
import type {Panel} from './spec.js'
import {colours, sizes} from './theme.js'

/** A network of equally wide layers. */
interface Shape {
  readonly depth: number
  readonly width: number
}

interface Cell extends Shape {
  /** Geometric means over the seeds of the medians at the last snapshot, and of these over step 0. */
  readonly last: number
  readonly ratio: number | null
}

/** How far boundaries are from the training points at the end, by depth and width. */
export const finalDistance: Figure = {
  name: 'final-distance',
  summary: 'distance at the last snapshot, and over that at step 0, by depth and width',
  manyNetworks: true,
  async spec(log, {runs, notes}, options) {
    const contents = await contentsOf(log, runs, 'distance')
    const norm = chooseOne('norm', options.norm, contents.norms, 'l2')
    const group = chooseOne('group', options.groups?.[0], contents.groups, 'train')
    if (!norm || !group) throw new NothingToDrawError(this.name, 'distances', log)
    const {shapes, others, twins} = await shapesOf(log, runs)
    const {medians, cutShort} = measuredToTheEnd(
      (await mediansOf(log, runs, 'distance')).filter(
        (median) => median.norm === norm && median.group === group,
      ),
      await attemptsOf(log, runs),
    )
    const measured = [...shapes].flatMap(([name, shape]) => {
      const ofName = medians.filter((median) => median.name === name)
      return ofName.length === 0 ? [] : [{name, ...shape, ...meansOf(ofName)}]
    })
    if (measured.length === 0) {
      throw new NothingToDrawError(this.name, 'networks of equally wide dense layers', log)
    }
    const [cells, outside] = onLogScale(measured)
    if (cells.length === 0) {
      throw new NothingToDrawError(this.name, 'distances that are neither infinite nor 0', log)
    }
    const seeds = seedsOf(runs.filter(({name}) => measured.some((one) => one.name === name)))
    const panels = (
      [
        {field: 'last', title: 'At the last snapshot (input units)', format: '.2~g'},
        {field: 'ratio', title: 'Over that at step 0', format: '.3r'},
      ] as const
    ).filter(({field}) => cells.some((cell) => cell[field] !== null))
    return {
      ...page('Distance to the nearest region boundary by depth and width', [
        `Median ${norm} distance of ${group} points, geometric mean over ${seeds}.`,
        others.length === 0
          ? ''
          : `Left out, not made of dense layers of one width: ${others.join(', ')}.`,
        ...[...twins].map(
          ([name, same]) => `Left out, of the shape of ${name}: ${same.join(', ')}.`,
        ),
        outside.length === 0 ? '' : `Infinite or 0 at the last snapshot: ${outside.join(', ')}.`,
        ...cutShortNotes(cutShort),
        ...notes,
      ]),
      data: {values: cells as unknown as object[]},
      columns: 2,
      concat: slots(panels.length, 2).map((slot, place) => {
        const {field, title, format} = panels[place]!
        return {
          title: panelTitle(slot, title),
          ...heatMap(cells, field, format, slot),
        }
      }),
      resolve: {scale: {color: 'independent'}},
    }
  },
}

/** The shape of each name's network, where it has one; of several names with one shape the shortest is drawn, the others are its twins. */
async function shapesOf({db}: LogReader, runs: readonly SelectedRun[]) {
  const ids = runs.map(({id}) => id)
  const rows = await db
    .selectFrom('layers')
    .innerJoin('runs', 'runs.id', 'layers.run_id')
    .select(['runs.name', 'layers.run_id', 'layers.class', 'layers.units'])
    .where('layers.run_id', 'in', ids)
    .orderBy('runs.name')
    .orderBy('layers.run_id')
    .orderBy('layers.layer')
    .execute()
  const all = partition(rows, ({name}) => name).map((ofName) => {
    const layers = ofName.filter(({run_id}) => run_id === ofName[0]!.run_id)
    const same = layers.every((one) => one.class === 'Dense' && one.units === layers[0]!.units)
    const shape = same ? {depth: layers.length, width: layers[0]!.units} : undefined
    return {name: ofName[0]!.name, shape}
  })
  const shapes = new Map<string, Shape>()
  const twins = new Map<string, string[]>()
  for (const {name, shape} of all.sort((a, b) => a.name.length - b.name.length)) {
    if (!shape) continue
    const first = [...shapes].find(
      ([, other]) => other.depth === shape.depth && other.width === shape.width,
    )
    if (!first) shapes.set(name, shape)
    else twins.set(first[0], [...(twins.get(first[0]) ?? []), name].sort())
  }
  return {
    shapes,
    twins,
    others: all.flatMap(({name, shape}) => (shape ? [] : [name])).sort(),
  }
}

/** The cells that a logarithmic scale can show, and the names of the others. */
function onLogScale(cells: readonly (Cell & {readonly name: string})[]) {
  const fits = ({last}: Cell) => Number.isFinite(last) && last > 0
  return [
    cells.filter(fits).map(({name: _, ...cell}): Cell => cell),
    cells.filter((cell) => !fits(cell)).map(({name}) => name),
  ] as const
}

function meansOf(medians: readonly {seed: number; step: number; median: number}[]) {
  const bySeed = partition(medians, ({seed}) => seed)
  const last = geometricMean(bySeed.map((ofSeed) => ofSeed.at(-1)!.median))
  const first = geometricMean(
    bySeed.map((ofSeed) => (ofSeed[0]!.step === 0 ? ofSeed[0]!.median : Number.NaN)),
  )
  const ratio = last / first
  return {last, ratio: Number.isFinite(ratio) && ratio > 0 ? ratio : null}
}

const geometricMean = (values: readonly number[]) =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length)

function heatMap(
  cells: readonly Cell[],
  field: 'last' | 'ratio',
  format: string,
  {width, leftmost}: Slot,
): Panel {
  const values = cells.map((cell) => cell[field] ?? Number.NaN).filter(Number.isFinite)
  const [least, most] = extentOf(values)
  const middle = Math.sqrt(least * most)
  const depths = new Set(cells.map(({depth}) => depth))
  const x = {
    field: 'width',
    type: 'ordinal' as const,
    title: 'Units in each hidden layer',
    axis: {labelAngle: 0, grid: false},
  }
  const y = {
    field: 'depth',
    type: 'ordinal' as const,
    title: leftmost ? 'Hidden layers' : null,
    sort: 'descending' as const,
    axis: {grid: false, domain: false, ticks: false},
  }
  return {
    width,
    // The title of the axis is as high as two cells, and would push that of its panel up.
    height: 44 * Math.max(2, depths.size),
    layer: [
      {
        mark: {type: 'rect', stroke: 'white', strokeWidth: 2},
        encoding: {
          x,
          y,
          color: {
            field,
            type: 'quantitative',
            scale: {scheme: {name: colours.ordered, extent: [0.15, 0.95]}, type: 'log'},
            legend: null,
          },
        },
      },
      {
        mark: {type: 'text', fontSize: sizes.text},
        encoding: {
          x,
          y,
          text: {field, type: 'quantitative', format},
          color: {
            condition: {test: `datum.${field} > ${middle}`, value: colours.ink},
            value: 'white',
          },
        },
      },
    ],
  }
}
