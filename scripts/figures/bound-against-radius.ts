import {quantiles} from '../../storage/summaries.js'
import {partition} from '../partition.js'
import {pointsOf} from './caption.js'
import {chooseOne, chooseSome} from './choose.js'
import {contentsOf, radiiOf} from './contents.js'
import {chooseCounting} from './counting.js'
import {type Figure, NothingToDrawError} from './figure.js'
import {groupColour} from './groups.js'
import {panelTitle, type Slot, slots} from './layout.js'
import {chooseMoments} from './moments.js'
import {page} from './page.js'
import {type BoundRow, boundRows, type MeasurementRow, measurementRows, momentsOf} from './rows.js'
import type {Panel, Position} from './spec.js'
import {roundNumbers} from './ticks.js'

/** Median over the points of a group at one moment and radius. */
interface Value {
  readonly name: string
  readonly step: number
  readonly group: string
  readonly radius: number
  readonly side: (typeof sides)[number]['name']
  readonly median: number
}

const sides = [
  {name: 'upper bound (log2 regions)', dash: [1, 0]},
  {name: 'units seen to change', dash: [4, 3]},
] as const

/** Upper bound on the regions in balls of growing radius, and what is seen in them. */
export const boundAgainstRadius: Figure = {
  name: 'bound-against-radius',
  summary: 'upper bound against the radius of the ball, with the units that are seen to change',
  async spec(log, {runs, notes}, options) {
    const contents = await contentsOf(log, runs, 'bound')
    const method = chooseOne('method', options.method, contents.methods, 'combined')
    const groups = chooseSome('group', options.groups, contents.groups)
    const rules = chooseSome('radius', options.radii, await radiiOf(log, runs))
    if (!method) throw new NothingToDrawError(this.name, 'bounds', log)
    const isShown = ({group, rule}: MeasurementRow | BoundRow) =>
      groups.includes(group) && rules.includes(rule)
    const {counting, notes: left} = await chooseCounting(log, runs, method, options.counting)
    const bounds = (await boundRows(log, runs, method, counting)).filter(isShown)
    const witnessed = (await measurementRows(log, runs, 'witnessed')).filter(isShown)
    const seen = new Set(witnessed.map(({step}) => step))
    const all = await momentsOf(log, runs)
    const moments = chooseMoments(
      all.filter(({step}) => seen.size === 0 || seen.has(step)),
      options.epochs,
      3,
    )
    const steps = new Set(moments.map(({step}) => step))
    const values = valuesOf(bounds, witnessed).filter(({step}) => steps.has(step))
    const names = [...new Set(runs.map((run) => run.name))]
    const panels = names.flatMap((name) => moments.map((moment) => ({name, ...moment})))
    return {
      ...page('Upper bound on the linear regions against the radius', [
        'Solid: an upper bound (log2), not a count, of the regions in the l2 ball around a point, by the ' +
          `method "${method}", counted by "${counting}". Medians over the points of all seeds (${pointsOf(bounds.filter(({rule}) => rule === rules[0]))} of each group, seed and snapshot).`,
        seen.size === 0
          ? ''
          : 'Dashed: units that are seen to change inside the ball, its lower side; were they all that ' +
            'change, the bound would be at most as many bits.',
        ...left,
        ...notes,
      ]),
      data: {values: values as unknown as object[]},
      columns: moments.length,
      concat: slots(panels.length, moments.length).map((slot, place) => {
        const {name, step, title} = panels[place]!
        return {
          title: panelTitle(slot, title, names.length > 1 ? [name] : []),
          transform: [
            {
              filter: {
                and: [
                  {field: 'name', equal: name},
                  {field: 'step', equal: step},
                ],
              },
            },
          ],
          ...panel(values, groups, slot),
        }
      }),
    }
  },
}

function valuesOf(
  bounds: readonly BoundRow[],
  witnessed: readonly MeasurementRow[],
): readonly Value[] {
  const radiusOf = new Map(
    partition(bounds, ({name, rule}) => `${name}\n${rule}`).map((rows) => [
      `${rows[0]!.name}\n${rows[0]!.rule}`,
      medianOf(rows.map(({radius}) => radius)),
    ]),
  )
  const medians = (
    side: Value['side'],
    rows: readonly (Omit<MeasurementRow, 'value'> & {readonly value: number})[],
  ) =>
    partition(rows, ({name, step, group, rule}) => [name, step, group, rule].join('\n')).map(
      (together): Value => {
        const {name, step, group, rule} = together[0]!
        const radius = radiusOf.get(`${name}\n${rule}`)!
        return {name, step, group, radius, side, median: medianOf(together.map((one) => one.value))}
      },
    )
  return [
    ...medians(
      sides[0].name,
      bounds.map((row) => ({...row, value: row.log2Regions})),
    ),
    ...medians(sides[1].name, witnessed),
  ]
}

const medianOf = (values: readonly number[]) => quantiles(Float64Array.from(values)).median

function panel(values: readonly Value[], groups: readonly string[], slot: Slot): Panel {
  const {width, height, leftmost, lowest} = slot
  const radii = values.map(({radius}) => radius)
  const [least, most] = [Math.min(...radii), Math.max(...radii)]
  const top = Math.max(1, ...values.map(({median}) => median))
  const x = {
    field: 'radius',
    type: 'quantitative',
    title: lowest ? 'Radius (input units)' : null,
    scale: {type: 'log', domain: [least / 1.1, most * 1.1], nice: false},
    axis: {
      values: [...roundNumbers(least / 1.1, most * 1.1)],
      labelExpr: 'datum.value',
      grid: false,
    },
  } satisfies Position
  const y = {
    field: 'median',
    type: 'quantitative',
    title: leftmost ? 'log2 regions, or units' : null,
    // Where nothing changes both are 0, which a logarithmic scale would not show.
    scale: {type: 'symlog', constant: 1, domain: [0, top * 1.1], nice: false},
    axis: {
      values: [0, ...roundNumbers(1, top * 1.1)],
      labels: leftmost,
      ticks: leftmost,
      domain: leftmost,
    },
  } satisfies Position
  const shown = sides.filter(({name}) => values.some(({side}) => side === name))
  const strokeDash = {
    field: 'side',
    type: 'nominal' as const,
    scale: {domain: shown.map(({name}) => name), range: shown.map(({dash}) => [...dash])},
    legend: null,
  }
  return {
    width,
    height,
    layer: [
      {
        mark: {type: 'line', point: {size: 22}},
        encoding: {x, y, color: groupColour(groups), strokeDash},
      },
    ],
  }
}
