import {show} from '../src/common/show.js'

export {show}

/** Whether a value is an object whose property of that name is a function. */
export function hasMethod(value: unknown, name: string): boolean {
  return typeof (value as Record<string, unknown> | null | undefined)?.[name] === 'function'
}

/** The error for an option that has the wrong value. */
export function wrong(option: string, expected: string, value: unknown): RangeError {
  return new RangeError(`${option}: expected ${expected}, got ${show(value)}`)
}

export function checkWhole(option: string, value: unknown, least = -Infinity): number {
  if (Number.isSafeInteger(value) && (value as number) >= least) return value as number
  throw wrong(option, `a whole number${least > -Infinity ? ` of at least ${least}` : ''}`, value)
}

export function checkPositive(option: string, value: unknown): number {
  if (typeof value === 'number' && value > 0 && value < Infinity) return value
  throw wrong(option, 'a number above 0', value)
}

export function checkBoolean(option: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value
  throw wrong(option, 'true or false', value)
}

export function checkText(option: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value
  throw wrong(option, 'a text that is not empty', value)
}

export function checkList(option: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw wrong(option, 'an array', value)
}

/** Refuses names that occur twice: they are keys of the log's tables. */
export function checkDistinct(option: string, names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined)
    throw new RangeError(`${option}: ${show(twice)} is given twice; each may occur once`)
}
