import type {LogReader, SelectedRun} from '../select-runs.js'
import {infinityCaption, linesCaption, snapshotsCaption} from './caption.js'
import {chooseOne, chooseSome} from './choose.js'
import {contentsOf, radiiOf} from './contents.js'
import {chooseCounting} from './counting.js'
import {type Figure, type FigureOptions, NothingToDrawError} from './figure.js'
import {settingsCaption} from './group-settings.js'
import {opposed} from './groups.js'
import {type OverTraining, overTraining} from './over-training.js'
import {type Observation, pool} from './pool.js'
import {radiusNames} from './radii.js'
import {boundRows, distanceRows, momentsOf, type Row} from './rows.js'
import {stack} from './stack.js'
import {stepAxis} from './step-axis.js'

const attacked = ['adversarial', 'trigger']

/** The centers that the abstract of Zhu, Lin and Tang (arXiv:2007.06803) has in mind, and random ones. */
const usual = ['train', 'uniform', ...attacked]

/** Distance, and under it the bound at one radius, at training points against attacked and random ones. */
export const groupsOverTraining: Figure = {
  name: 'groups',
  summary: 'distance and bound over training: training points against adversarial and trigger ones',
  async spec(log, {runs, notes}, options) {
    const {groups, norm, method, counting, left, rules} = await choose(
      this.name,
      log,
      runs,
      options,
    )
    const isShown = ({group}: Row) => groups.includes(group)
    const distances = (await distanceRows(log, runs, norm)).filter(isShown)
    const bounds = (await boundRows(log, runs, method, counting)).filter(isShown)
    const moments = await momentsOf(log, runs)
    const names = [...new Set(runs.map((run) => run.name))]
    const groupsOf = (name: string) =>
      groups.filter((group) => distances.some((row) => row.name === name && row.group === group))
    const panels = names.flatMap((name) =>
      opposed(groupsOf(name)).map((shown) => ({
        panel: name,
        groups: shown,
        title: `${shown.join(' and ')} points`,
        subtitle: names.length > 1 ? [name] : [],
      })),
    )
    const section = (
      said: Pick<OverTraining, 'title' | 'caption'>,
      amount: Omit<OverTraining['amount'], 'shared'>,
      rows: readonly (Row & Pick<Observation, 'value'>)[],
    ) =>
      overTraining({
        ...said,
        panels,
        columns: panels.length % 3 === 0 ? 3 : Math.min(2, panels.length),
        groups,
        pooled: pool(rows.map((row) => ({...row, panel: row.name}))),
        steps: stepAxis(moments),
        amount: {...amount, shared: true},
      })
    const radii = radiusNames(bounds.filter(({rule}) => rules.includes(rule)))
    return stack(
      'Regions around training, random and attacked points over training',
      [
        ...(await settingsCaption(log, runs, groups)),
        linesCaption(distances, runs),
        snapshotsCaption(moments),
        ...left,
        ...notes,
      ],
      [
        section(
          {
            title: 'Distance to the nearest region boundary',
            caption: [
              `Exact, in ${norm}.`,
              infinityCaption(
                distances.map(({distance}) => distance),
                'distances',
              ),
            ],
          },
          {title: `${norm} distance (input units)`, scale: 'log'},
          distances.map((row) => ({...row, value: row.distance})),
        ),
        ...radii.map(({rule, value}) =>
          section(
            {
              title: `Upper bound on the regions in the l2 ball of radius ${value}`,
              caption: [
                rule === value ? '' : `The radius is ${rule}.`,
                `An upper bound (log2), not a count, by the method "${method}", counted by "${counting}".`,
              ],
            },
            {title: 'Upper bound (log2 regions)', scale: 'linear'},
            bounds
              .filter((row) => row.rule === rule)
              .map((row) => ({...row, value: row.log2Regions})),
          ),
        ),
      ],
    )
  },
}

/** What is asked for, else training, random and attacked points and the middle one of the radii. */
async function choose(
  figure: string,
  log: LogReader,
  runs: readonly SelectedRun[],
  options: FigureOptions,
) {
  const {groups: logged, norms} = await contentsOf(log, runs, 'distance')
  const {methods} = await contentsOf(log, runs, 'bound')
  const groups = options.groups
    ? chooseSome('group', options.groups, logged)
    : logged.filter((group) => usual.includes(group))
  const radii = await radiiOf(log, runs)
  const rules = chooseSome(
    'radius',
    options.radii ?? radii.slice(radii.length >> 1).slice(0, 1),
    radii,
  )
  const norm = chooseOne('norm', options.norm, norms, 'l2')
  const method = chooseOne('method', options.method, methods, 'combined')
  if (!norm || !method) throw new NothingToDrawError(figure, 'distances and bounds', log)
  if (!options.groups && !groups.some((group) => attacked.includes(group)))
    throw new NothingToDrawError(figure, 'adversarial or trigger points', log)
  const {counting, notes: left} = await chooseCounting(log, runs, method, options.counting)
  return {groups, norm, method, counting, left, rules}
}
