import type {TopLevelSpec} from 'vega-lite'
import {partition} from '../partition.js'
import {infinityCaption, pointsOf} from './caption.js'
import {chooseOne, chooseSome} from './choose.js'
import {contentsOf} from './contents.js'
import {extentOf} from './extent.js'
import {type Figure, NothingToDrawError} from './figure.js'
import {groupColour, groupDash} from './groups.js'
import {panelTitle, type Slot, slots} from './layout.js'
import {chooseMoments} from './moments.js'
import {page} from './page.js'
import {type DistanceRow, distanceRows, momentsOf} from './rows.js'
import type {Panel, Position} from './spec.js'
import {powersOfTen} from './ticks.js'

/** A step of a distribution: the share of the points at most so far from a boundary. */
interface Share {
  readonly name: string
  readonly step: number
  readonly group: string
  readonly distance: number
  readonly share: number
}

/** How distances are distributed over the points of each group, at a few moments. */
export const distributions: Figure = {
  name: 'distributions',
  summary: 'distributions of the distance over the points of each group, at a few moments',
  async spec(log, {runs, notes}, options): Promise<TopLevelSpec> {
    const contents = await contentsOf(log, runs, 'distance')
    const norm = chooseOne('norm', options.norm, contents.norms, 'l2')
    const groups = chooseSome('group', options.groups, contents.groups)
    if (!norm) throw new NothingToDrawError(this.name, 'distances', log)
    const moments = chooseMoments(await momentsOf(log, runs), options.epochs, 3)
    const steps = new Set(moments.map(({step}) => step))
    const rows = (await distanceRows(log, runs, norm)).filter(
      ({group, step}) => groups.includes(group) && steps.has(step),
    )
    const values = sharesOf(rows)
    if (values.length === 0) throw new NothingToDrawError(this.name, 'distances above 0', log)
    const names = [...new Set(runs.map((run) => run.name))]
    const panels = names.flatMap((name) => moments.map((moment) => ({name, ...moment})))
    return {
      ...page('Distribution of the distance to the nearest region boundary', [
        `Share of the points whose ${norm} distance is at most so large; points of all seeds together`,
        `(${pointsOf(rows)} of each group, seed and snapshot).`,
        infinityCaption(
          rows.map(({distance}) => distance),
          'distances',
        ),
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
          ...panel(values, groups, norm, slot),
        }
      }),
    }
  },
}

/** The empirical distribution of each group at each moment; a distance of 0 has no place on the axis. */
function sharesOf(rows: readonly DistanceRow[]): readonly Share[] {
  return partition(rows, ({name, step, group}) => [name, step, group].join('\n')).flatMap(
    (together) => {
      const {name, step, group} = together[0]!
      const rising = together.map(({distance}) => distance).sort((a, b) => a - b)
      return rising.flatMap((distance, place) =>
        distance > 0 && Number.isFinite(distance)
          ? [{name, step, group, distance, share: (place + 1) / rising.length}]
          : [],
      )
    },
  )
}

function panel(
  values: readonly Share[],
  groups: readonly string[],
  norm: string,
  {width, height, leftmost, lowest}: Slot,
): Panel {
  const distances = values.map(({distance}) => distance)
  const [least, most] = extentOf(distances)
  const x = {
    field: 'distance',
    type: 'quantitative',
    title: lowest ? `${norm} distance (input units)` : null,
    scale: {type: 'log', domain: [least / 1.15, most * 1.15], nice: false},
    axis: {
      values: [...powersOfTen(least / 1.15, most * 1.15, 4)],
      labelExpr: "datum.value < 0.001 ? format(datum.value, '~e') : datum.value",
      grid: false,
    },
  } satisfies Position
  const y = {
    field: 'share',
    type: 'quantitative',
    title: leftmost ? 'Share of points' : null,
    // Room above: a label at the very top would push the title up in the column that has labels.
    scale: {domain: [0, 1.05], nice: false},
    axis: {
      format: '.0%',
      values: [0, 0.2, 0.4, 0.6, 0.8, 1],
      labels: leftmost,
      ticks: leftmost,
      domain: leftmost,
    },
  } satisfies Position
  return {
    width,
    height,
    layer: [
      {
        mark: {type: 'line', interpolate: 'step-after', strokeWidth: 1.6},
        encoding: {x, y, color: groupColour(groups), strokeDash: groupDash(groups)},
      },
    ],
  }
}
