import {arbitraryGroups} from '../findings/more-regions-around-training-points.js'
import {opposed} from './groups.js'
import {rowsOfPage} from './layout.js'

/**
 * The groups that a figure shows which has a row of panels for each that meets the training points: all
 * that fit a page, else arbitrary points before those of the test set and attacked ones, with a note that
 * says so.
 *
 * @param groups what the log holds, in order
 */
export function fewGroups(groups: readonly string[]): {
  readonly groups: readonly string[]
  readonly notes: readonly string[]
} {
  if (opposed(groups).length <= rowsOfPage) return {groups, notes: []}
  const arbitrary = arbitraryGroups(groups)
  const ranked = [...arbitrary, ...groups.filter((group) => !arbitrary.includes(group))]
  const kept = ranked.slice(0, rowsOfPage + (groups.includes('train') ? 1 : 0))
  const left = groups.filter((group) => !kept.includes(group))
  return {
    groups: groups.filter((group) => kept.includes(group)),
    notes: [`Not shown: the groups ${left.join(', ')}; --group names others.`],
  }
}
