import {checkDistinct, checkList, checkText, hasMethod, show, wrong} from '../check.js'
import {type AdversarialOptions, adversarial} from './adversarial.js'
import {gaussian} from './gaussian.js'
import type {Group} from './group.js'
import {shuffled} from './shuffled.js'
import {test} from './test.js'
import {train} from './train.js'
import {type TriggerOptions, trigger} from './trigger.js'
import {uniform} from './uniform.js'

export type {AdversarialOptions} from './adversarial.js'
export type {Group, Sample, SampleRequest} from './group.js'
export type {TriggerOptions} from './trigger.js'

/** The groups that have a name: a new one is a file beside this and a line here. */
export const namedGroups = {
  train,
  uniform,
  gaussian,
  shuffled,
  test,
  adversarial: adversarial(),
  trigger: trigger(),
} satisfies Record<string, Group>

/** Those that have options: `{name, ...}` makes one with others than the defaults. */
const configurable = {
  adversarial: (given: object) => adversarial(given as AdversarialOptions),
  trigger: (given: object) => trigger(given as TriggerOptions),
}

/** A group that has a name. */
export type GroupName = keyof typeof namedGroups

/** What the option `groups` holds. */
export type GroupOption = GroupName | AdversarialOptions | TriggerOptions | Group

/**
 * Reads the option `groups`.
 *
 * @throws RangeError where a name is unknown or given twice, an option of a group is wrong, or an own
 *   group lacks its name or `sample`
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
    throw new RangeError(
      `groups: ${show(given)} is no group; expected ${names.map((name) => `'${name}'`).join(', ')} ` +
        'or {name, sample} of your own',
    )
  }
  if (!hasMethod(given, 'sample')) return readConfigured(given)
  const group = given as Group
  const name = checkText('groups: name', group.name)
  if (names.includes(name))
    throw new RangeError(`groups: ${show(name)} is a built-in group's name; choose another`)
  return group
}

function readConfigured(given: unknown): Group {
  const {name} = (given ?? {}) as {name?: unknown}
  if (typeof name === 'string' && Object.hasOwn(configurable, name))
    return configurable[name as keyof typeof configurable](given as object)
  const forms = Object.keys(configurable).map((each) => `{name: '${each}', ...}`)
  throw wrong('groups', `names, {name, sample} or ${forms.join(' or ')}`, given)
}
