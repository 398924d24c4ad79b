import {show} from './common/show.js'

/** Norms in which the distance to the nearest boundary can be measured. */
export const norms = ['l2', 'linf'] as const
/** A norm of the input space. */
export type Norm = (typeof norms)[number]

/** Ways to bound the pre-activations on a ball, from the cheapest to the tightest. */
export const methods = ['spectral', 'interval', 'crown', 'combined'] as const
/** A way to bound the pre-activations on a ball. */
export type Method = (typeof methods)[number]

/** Ways to count regions from the units that are unstable, from the loosest to the tightest. */
export const countings = ['product', 'flats'] as const
/** A way to count regions from the units that are unstable. */
export type Counting = (typeof countings)[number]

/** Default limit for working tensors, in bytes. */
export const defaultMemory = 512 * 2 ** 20

/**
 * The options themselves where each is one that there is: a misspelt one would be left out in silence.
 *
 * @throws RangeError naming the first that is none, and those that are
 *
 * ```ts
 * knownOptions({nrm: 'linf'}, ['norm', 'memory'])  // nrm: is no option; expected norm, memory
 * ```
 */
export function knownOptions<T extends object>(
  options: T,
  names: readonly (keyof T & string)[],
): T {
  const unknown = Object.keys(options).find((name) => !(names as readonly string[]).includes(name))
  if (unknown === undefined) return options
  throw new RangeError(`${unknown}: is no option; expected ${names.join(', ')}`)
}

/**
 * The value itself where it is one of the choices.
 *
 * @throws RangeError naming the option, the value and the choices
 */
export function oneOf<T extends string>(option: string, value: unknown, choices: readonly T[]): T {
  if (choices.includes(value as T)) return value as T
  throw new RangeError(
    `${option}: expected one of ${choices.map((choice) => `'${choice}'`).join(', ')}, ` +
      `got ${show(value)}`,
  )
}

/**
 * The option `memory` in bytes.
 *
 * @throws RangeError where it is not a number of at least 1 MB
 */
export function checkMemory(memory: number | undefined): number {
  if (memory === undefined) return defaultMemory
  if (typeof memory === 'number' && memory >= 2 ** 20) return memory
  throw new RangeError(`memory: expected at least 1048576 bytes (1 MB), got ${show(memory)}`)
}

/**
 * A whole number of at least `least` and, given that, at most `most`.
 *
 * @throws RangeError naming the option, the value and the limits
 */
export function checkWhole(
  option: string,
  value: unknown,
  least = Number.NEGATIVE_INFINITY,
  most = Number.POSITIVE_INFINITY,
): number {
  if (Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most) {
    return value as number
  }
  const limits =
    least === Number.NEGATIVE_INFINITY
      ? ''
      : most === Number.POSITIVE_INFINITY
        ? ` of at least ${least}`
        : ` from ${least} to ${most}`
  throw new RangeError(`${option}: expected a whole number${limits}, got ${show(value)}`)
}
