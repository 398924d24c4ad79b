import {linesCaption, snapshotsCaption} from './caption.js'
import {chooseOne, chooseSome} from './choose.js'
import {contentsOf, radiiOf} from './contents.js'
import {chooseCounting} from './counting.js'
import {fewGroups} from './few-groups.js'
import {type Figure, NothingToDrawError} from './figure.js'
import {groupsTitle, heldGroups, opposed} from './groups.js'
import {overTraining} from './over-training.js'
import {pool} from './pool.js'
import {radiusNames} from './radii.js'
import {boundRows, momentsOf} from './rows.js'
import {stepAxis} from './step-axis.js'

/** Upper bound on the regions in balls around points, a panel for each radius, over training. */
export const boundOverTraining: Figure = {
  name: 'bound-over-training',
  summary: 'upper bound on the regions in balls around points over training, by radius',
  async spec(log, {runs, notes}, options) {
    const contents = await contentsOf(log, runs, 'bound')
    const method = chooseOne('method', options.method, contents.methods, 'combined')
    const {groups, notes: others} = options.groups
      ? {groups: chooseSome('group', options.groups, contents.groups), notes: []}
      : fewGroups(contents.groups)
    const rules = chooseSome('radius', options.radii, await radiiOf(log, runs))
    if (!method) throw new NothingToDrawError(this.name, 'bounds', log)
    const {counting, notes: left} = await chooseCounting(log, runs, method, options.counting)
    const rows = (await boundRows(log, runs, method, counting)).filter(
      (row) => groups.includes(row.group) && rules.includes(row.rule),
    )
    const moments = await momentsOf(log, runs)
    const names = [...new Set(runs.map((run) => run.name))]
    const ofName = (name: string) => heldGroups(groups, rows, name)
    const radii = radiusNames(rows)
    const panel = (name: string, rule: string) => `${name}, ${rule}`
    return overTraining({
      title: 'Upper bound on the linear regions around a point over training',
      caption: [
        'An upper bound (log2), not a count, of the regions in the l2 ball around a point with the ' +
          `radius named above each panel, by the method "${method}", counted by "${counting}".`,
        linesCaption(
          rows.filter((row) => row.rule === rules[0]),
          runs,
        ),
        snapshotsCaption(moments),
        ...left,
        ...others,
        ...notes,
      ],
      panels: names.flatMap((name) =>
        opposed(ofName(name)).flatMap((shown) =>
          radii.map(({rule, value}) => ({
            panel: panel(name, rule),
            groups: shown,
            title: `radius ${value}`,
            subtitle: [
              ...(rule === value ? [] : [rule]),
              ...(names.length > 1 ? [name] : []),
              ...(groups.length > 2 ? [groupsTitle(shown)] : []),
            ],
          })),
        ),
      ),
      columns: radii.length,
      groups,
      pooled: pool(
        rows.map((row) => ({...row, panel: panel(row.name, row.rule), value: row.log2Regions})),
      ),
      steps: stepAxis(moments),
      amount: {title: 'Upper bound (log2 regions)', scale: 'linear', shared: false},
    })
  },
}
