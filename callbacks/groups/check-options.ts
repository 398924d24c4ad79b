import {wrong} from '../check.js'

/**
 * Refuses options of a group that it does not have.
 *
 * @param option what an error calls the group
 * @throws RangeError naming the option and the ones there are
 */
export function checkOptions(option: string, given: object, known: readonly string[]): void {
  const other = Object.keys(given).find((key) => key !== 'name' && !known.includes(key))
  if (other !== undefined) throw wrong(option, `only the options name, ${known.join(', ')}`, other)
}
