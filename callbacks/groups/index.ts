import {checkDistinct, checkList, checkText, hasMethod, show, wrong} from '../check.js'
import {gaussian} from './gaussian.js'
import type {Group} from './group.js'
import {shuffled} from './shuffled.js'
import {test} from './test.js'
import {train} from './train.js'
import {uniform} from './uniform.js'

export type {Group, Sample, SampleRequest} from './group.js'

/** The groups that have a name: a new one is a file beside this and a line here. */
export const namedGroups = {train, uniform, gaussian, shuffled, test} satisfies Record<
  string,
  Group
>

/** A group that has a name. */
export type GroupName = keyof typeof namedGroups

const planned = ['adversarial', 'trigger']

/**
 * Reads the option `groups`.
 *
 * @throws RangeError where a name is unknown or given twice, or an own group lacks its name or
 *   `sample`
 */
export function readGroups(given: unknown, hasTestData: boolean): readonly Group[] {
  const groups = checkList('groups', given).map(readGroup)
  if (!groups.length) throw new RangeError('groups: expected at least one group, got []')
  checkDistinct(
    'groups',
    groups.map(({name}) => name),
  )
  if (groups.includes(namedGroups.test) && !hasTestData)
    throw new RangeError("groups: 'test' draws from testData: give the option testData too")
  return groups
}

function readGroup(given: unknown): Group {
  const names = Object.keys(namedGroups)
  if (typeof given === 'string') {
    if (names.includes(given)) return namedGroups[given as GroupName]
    const problem = planned.includes(given) ? 'is not supported yet' : 'is no group'
    throw new RangeError(
      `groups: ${show(given)} ${problem}; expected ${names.map((name) => `'${name}'`).join(', ')} ` +
        'or {name, sample} of your own',
    )
  }
  if (!hasMethod(given, 'sample')) throw wrong('groups', 'names or {name, sample}', given)
  const group = given as Group
  const name = checkText('groups: name', group.name)
  if (names.includes(name))
    throw new RangeError(`groups: ${show(name)} is a built-in group's name; choose another`)
  return group
}
