import {pointsOf} from './caption.js'
import {chooseOne, chooseSome} from './choose.js'
import {contentsOf, radiiOf} from './contents.js'
import {chooseCounting} from './counting.js'
import {type Figure, NothingToDrawError} from './figure.js'
import {groupColour} from './groups.js'
import {type InBall, insideBalls, type Quantity, type Side} from './inside-balls.js'
import {panelTitle, type Slot, slots} from './layout.js'
import {chooseMoments} from './moments.js'
import {page} from './page.js'
import {type BoundRow, boundRows, type MeasurementRow, measurementRows, momentsOf} from './rows.js'
import type {Colour, Dash, Panel, Position} from './spec.js'
import {colours} from './theme.js'
import {roundNumbers} from './ticks.js'

const quantities: Readonly<Record<Quantity, string>> = {
  regions: 'Regions (log2)',
  units: 'Units that change',
}

const dashes: Readonly<Record<Side, readonly number[]>> = {'at most': [1, 0], 'at least': [4, 3]}

/** What a ball holds, as it grows: at most, by the bound, and at least, by what is seen in it. */
export const boundAgainstRadius: Figure = {
  name: 'bound-against-radius',
  summary: 'upper bound against the radius of the ball, and how many units change in it',
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
    const patterns = (await measurementRows(log, runs, 'patterns')).filter(isShown)
    const seen = new Set([...witnessed, ...patterns].map(({step}) => step))
    const all = await momentsOf(log, runs)
    const moments = chooseMoments(
      all.filter(({step}) => seen.size === 0 || seen.has(step)),
      options.epochs,
      3,
    )
    const steps = new Set(moments.map(({step}) => step))
    const values = insideBalls({bounds, witnessed, patterns}).filter(({step}) => steps.has(step))
    const names = [...new Set(runs.map((run) => run.name))]
    const rows = names
      .flatMap((name) => (['regions', 'units'] as const).map((quantity) => ({name, quantity})))
      .filter((row) =>
        values.some(({name, quantity}) => name === row.name && quantity === row.quantity),
      )
    const panels = rows.flatMap((row) => moments.map((moment) => ({...row, ...moment})))
    return {
      ...page('Upper bound on the linear regions against the radius', [
        'An upper bound (log2), not a count, of the regions in the l2 ball around a point, by the ' +
          `method "${method}", counted by "${counting}"${patterns.length === 0 ? '' : '; dashed, the activation patterns that are seen in it'}.`,
        witnessed.length === 0
          ? ''
          : 'Below, the units that change inside the ball: at most those that the method leaves ' +
            'unstable; dashed, at least those that are seen to.',
        `Medians over the points of all seeds (${pointsOf(bounds.filter(({rule}) => rule === rules[0]))} of each group, seed and snapshot).`,
        ...left,
        ...notes,
      ]),
      data: {values: values as unknown as object[]},
      columns: moments.length,
      concat: slots(panels.length, moments.length).map((slot, place) => {
        const {name, quantity, step, title} = panels[place]!
        return {
          title: panelTitle(slot, title, names.length > 1 ? [name] : []),
          transform: [
            {
              filter: {
                and: [
                  {field: 'name', equal: name},
                  {field: 'quantity', equal: quantity},
                  {field: 'step', equal: step},
                ],
              },
            },
          ],
          ...panel(values, quantity, groups, slot),
        }
      }),
    }
  },
}

function panel(
  values: readonly InBall[],
  quantity: Quantity,
  groups: readonly string[],
  {width, height, leftmost, lowest}: Slot,
): Panel {
  const radii = values.map(({radius}) => radius)
  const [least, most] = [Math.min(...radii), Math.max(...radii)]
  const ofQuantity = values.filter((value) => value.quantity === quantity)
  const top = Math.max(1, ...ofQuantity.map(({median}) => median))
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
    title: leftmost ? quantities[quantity] : null,
    // Where nothing changes it is 0, which a logarithmic scale would not show.
    // Room above: a label at the very top would push the title up in the column that has labels.
    scale: {type: 'symlog', constant: 1, domain: [0, (1 + top) ** 1.06 - 1], nice: false},
    axis: {
      values: [0, ...roundNumbers(1, top)],
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
        mark: {type: 'line', point: {size: 22}},
        encoding: {x, y, color: colourOf(groups), strokeDash: sideDash(values)},
      },
    ],
  }
}

/** Four groups in one line would push the legend of the sides beyond the panels. */
function colourOf(groups: readonly string[]): Colour {
  const colour = groupColour(groups)
  return groups.length > 3 ? {...colour, legend: {...colour.legend, columns: 3}} : colour
}

/** Tells the two sides apart, in the legend too where there are both. */
function sideDash(values: readonly InBall[]): Dash {
  const shown = (['at most', 'at least'] as const).filter((name) =>
    values.some(({side}) => side === name),
  )
  return {
    field: 'side',
    type: 'nominal',
    scale: {domain: shown, range: shown.map((side) => [...dashes[side]])},
    legend:
      shown.length < 2
        ? null
        : {
            labelExpr: "datum.label === 'at most' ? 'at most' : 'at least, as seen'",
            symbolType: 'stroke',
            symbolStrokeColor: colours.ink,
          },
  }
}
