import {infinityCaption, linesCaption, snapshotsCaption} from './caption.js'
import {chooseOne, chooseSome} from './choose.js'
import {contentsOf} from './contents.js'
import {type Figure, NothingToDrawError} from './figure.js'
import {groupsTitle, heldGroups, opposed} from './groups.js'
import {overTraining} from './over-training.js'
import {pool} from './pool.js'
import {distanceRows, momentsOf} from './rows.js'
import {stepAxis} from './step-axis.js'

/** Exact distance of points to the nearest region boundary, group against group, over training. */
export const distanceOverTraining: Figure = {
  name: 'distance-over-training',
  summary: 'distance to the nearest boundary over training, training points against others',
  async spec(log, {runs, notes}, options) {
    const contents = await contentsOf(log, runs, 'distance')
    const norm = chooseOne('norm', options.norm, contents.norms, 'l2')
    const groups = chooseSome('group', options.groups, contents.groups)
    if (!norm) throw new NothingToDrawError(this.name, 'distances', log)
    const rows = (await distanceRows(log, runs, norm)).filter((row) => groups.includes(row.group))
    const moments = await momentsOf(log, runs)
    const names = [...new Set(runs.map((run) => run.name))]
    const ofName = (name: string) => heldGroups(groups, rows, name)
    return overTraining({
      title: 'Distance to the nearest region boundary over training',
      caption: [
        `Exact ${norm} distance from a point to the nearest boundary of a linear region.`,
        linesCaption(rows, runs),
        infinityCaption(
          rows.map((row) => row.distance),
          'distances',
        ),
        snapshotsCaption(moments),
        ...notes,
      ],
      panels: names.flatMap((name) =>
        opposed(ofName(name)).map((shown) => ({
          panel: name,
          groups: shown,
          title: groupsTitle(shown),
          subtitle: names.length > 1 ? [name] : [],
        })),
      ),
      columns: 2,
      groups,
      pooled: pool(rows.map((row) => ({...row, panel: row.name, value: row.distance}))),
      steps: stepAxis(moments),
      amount: {title: `${norm} distance (input units)`, scale: 'log', shared: true},
    })
  },
}
