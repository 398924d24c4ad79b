import {attemptsOf, cutShortNotes, measuredToTheEnd} from '../findings/measured-to-the-end.js'
import {mediansOf} from '../findings/medians.js'
import {
  arbitraryGroups,
  regionsOverTraining,
} from '../findings/more-regions-around-training-points.js'
import type {SelectedRun} from '../select-runs.js'
import {seedsOf, snapshotsCaption} from './caption.js'
import {chooseOne, chooseSome} from './choose.js'
import {contentsOf, radiiOf} from './contents.js'
import {chooseCounting} from './counting.js'
import {type Figure, NothingToDrawError} from './figure.js'
import {groupColour, groupDash} from './groups.js'
import {panelTitle, type Slot, slots} from './layout.js'
import {page} from './page.js'
import {momentsOf} from './rows.js'
import type {Panel, Position} from './spec.js'
import {epochLayer, type StepAxis, stepAxis, stepEncoding} from './step-axis.js'
import {colours} from './theme.js'

/** Training points against arbitrary ones at one moment. */
interface Difference {
  readonly name: string
  readonly rule: string
  readonly group: string
  readonly step: number
  readonly mean: number
  readonly low: number | null
  readonly high: number | null
  readonly decided: boolean
}

/** Finding B at each moment: how much greater the bound is around training points. */
export const regionsDifference: Figure = {
  name: 'regions-difference',
  summary: 'bound around training points minus that around others over training, by radius',
  async spec(log, {runs, notes}, options) {
    const contents = await contentsOf(log, runs, 'bound')
    const method = chooseOne('method', options.method, contents.methods, 'combined')
    const others = contents.groups.filter((group) => group !== 'train')
    const groups = options.groups
      ? chooseSome('group', options.groups, others)
      : arbitraryGroups(others)
    const rules = chooseSome('radius', options.radii, await radiiOf(log, runs))
    if (!method)
      throw new NothingToDrawError(this.name, 'bounds of training points and others', log)
    const {counting, notes: left} = await chooseCounting(log, runs, method, options.counting)
    const {medians, cutShort} = measuredToTheEnd(
      (await mediansOf(log, runs, 'bound')).filter(
        (one) => one.method === method && one.counting === counting,
      ),
      await attemptsOf(log, runs),
    )
    const names = [...new Set(runs.map((run) => run.name))]
    const values = names.flatMap((name) =>
      regionsOverTraining(
        medians.filter((median) => median.name === name),
        groups,
        rules,
      ).flatMap(({group, radiusRule: rule, moments}) =>
        moments.flatMap(({step, mean, low, high, verdict}): Difference[] =>
          mean === null
            ? []
            : [{name, rule, group, step, mean, low, high, decided: verdict !== 'undecided'}],
        ),
      ),
    )
    if (values.length === 0) {
      throw new NothingToDrawError(this.name, 'bounds of training points and others', log)
    }
    const moments = await momentsOf(log, runs)
    const columns = Math.min(2, rules.length)
    const panels = names.flatMap((name) => rules.map((rule) => ({name, rule})))
    const shown = panels.filter((one) =>
      values.some(({name, rule}) => name === one.name && rule === one.rule),
    )
    return {
      ...page('Are there more regions around training points?', [
        `Median upper bound (log2, method "${method}", counted by "${counting}") around training points minus that around other ` +
          `points: ${seedsSaid(runs, values)} Above 0 there may be more regions around training points; ` +
          'these are bounds, not counts.',
        snapshotsCaption(moments),
        ...left,
        ...cutShortNotes(cutShort),
        ...notes,
      ]),
      data: {values: values as unknown as object[]},
      columns,
      concat: slots(shown.length, columns).map((slot, place) => {
        const {name, rule} = shown[place]!
        return {
          title: panelTitle(slot, `radius ${rule}`, names.length > 1 ? [name] : []),
          transform: [
            {
              filter: {
                and: [
                  {field: 'name', equal: name},
                  {field: 'rule', equal: rule},
                ],
              },
            },
          ],
          ...panel(
            groups,
            stepAxis(moments),
            slot,
            values.filter((one) => one.name === name && one.rule === rule),
          ),
        }
      }),
      resolve: {scale: {y: 'independent'}},
    }
  },
}

function panel(
  groups: readonly string[],
  steps: StepAxis,
  slot: Slot,
  values: readonly Difference[],
): Panel {
  const x = stepEncoding(steps, slot)
  const y = {
    field: 'mean',
    type: 'quantitative',
    title: slot.leftmost ? 'Difference (bits)' : null,
    ...differenceAxis(values),
  } satisfies Position
  const color = groupColour(groups)
  return {
    width: slot.width,
    height: slot.height,
    layer: [
      {
        layer: [
          // One seed has no interval, and Vega warns of a mark without numbers.
          ...(values.some(({low}) => low !== null)
            ? [
                {
                  mark: {type: 'area' as const, opacity: 0.14},
                  encoding: {x, y: {...y, field: 'low'}, y2: {field: 'high'}, color},
                },
              ]
            : []),
          {mark: 'line', encoding: {x, y, color, strokeDash: groupDash(groups)}},
          {
            mark: {type: 'point', size: 24, opacity: 1, strokeWidth: 1.2},
            encoding: {
              x,
              y,
              color,
              fill: {
                condition: {test: 'datum.decided', ...color},
                value: 'white',
              },
            },
          },
          {
            data: {values: [{zero: 0}]},
            mark: {type: 'rule', color: colours.ink, strokeWidth: 1},
            encoding: {y: {field: 'zero', type: 'quantitative'}},
          },
        ],
      },
      ...epochLayer(steps),
    ],
    resolve: {axis: {x: 'independent'}},
  }
}

/** Differences of 0 alone would have a scale without a length. */
function differenceAxis(values: readonly Difference[]): Pick<Position, 'axis' | 'scale'> {
  const flat = values.every(({mean, low, high}) => mean === 0 && !low && !high)
  return flat ? {scale: {domain: [-1, 1]}, axis: {values: [-1, 0, 1]}} : {axis: {tickCount: 5}}
}

/** One seed has no interval. */
function seedsSaid(runs: readonly SelectedRun[], values: readonly Difference[]): string {
  const seeds = seedsOf(runs)
  return values.some(({low}) => low !== null)
    ? `mean over ${seeds} and 95 % t-interval. Filled: every seed has the same sign and the interval excludes 0.`
    : `${seeds}, too few for an interval.`
}
