import type {Radii} from '../src/measure.js'
import {checkDistinct, checkList, checkPositive, show} from './check.js'
import {medianPairDistance} from './median-pair.js'
import {nearestDistanceTo} from './nearest.js'
import type {Points} from './points.js'

/** A radius, or a rule that makes one: `'median-pair*0.01'`, `'nearest*0.5'`. */
export type RadiusOption = number | string

/** A radius rule, read. `scale` is what the factor multiplies; none for a plain number. */
export interface RadiusRule {
  /** The rule as the log's `radius_rule` has it. */
  readonly text: string
  readonly factor: number
  readonly scale?: keyof typeof scales
}

/** Takes what it needs of the data, then gives a length for each of some points. */
type Scale = (
  data: Points,
  option: string,
  memory?: number,
) => (points: Points) => Promise<Float64Array>

/** The lengths that rules are written in: of the data once, then of given points. */
const scales: Readonly<Record<'median-pair' | 'nearest', Scale>> = {
  /** The median distance between two training points. */
  'median-pair': (data, option) => {
    const median = medianPairDistance(data, option)
    return async ({count}) => new Float64Array(count).fill(median)
  },
  /** A point's distance to its nearest other training point. */
  nearest: nearestDistanceTo,
}

/**
 * Reads the option `radii`.
 *
 * @throws RangeError where one is neither a number above 0 nor a known rule, or two are the same
 */
export function readRadii(given: unknown): readonly RadiusRule[] {
  const rules = checkList('radii', given).map((one) => readRadius('radii', one))
  checkDistinct(
    'radii',
    rules.map(({text}) => text),
  )
  return rules
}

/**
 * Reads one radius.
 *
 * @param option the option that holds it, for errors
 * @throws RangeError where it is neither a number above 0 nor a known rule
 */
export function readRadius(option: string, given: unknown): RadiusRule {
  // not every value becomes a text
  const text = /^(string|number)$/.test(typeof given) ? String(given).replaceAll(/\s/g, '') : ''
  if (typeof given === 'number' || (typeof given === 'string' && Number.isFinite(Number(text))))
    return {text: String(Number(text)), factor: checkPositive(option, Number(given))}
  const [scale = '', factor = '1', ...more] = text.split('*')
  if (typeof given !== 'string' || !Object.hasOwn(scales, scale) || more.length) {
    const known = Object.keys(scales).map((name) => `'${name}*0.01'`)
    throw new RangeError(
      `${option}: expected numbers above 0 or rules such as ${known.join(' or ')}, got ${show(given)}`,
    )
  }
  checkPositive(`${option}: factor of ${show(given)}`, Number(factor))
  return {text, factor: Number(factor), scale: scale as keyof typeof scales}
}

/** The radii of points, one list a rule. */
export type RadiiOf = (points: Points) => Promise<Radii[]>

/**
 * Measures once what the rules need to know of the training points.
 *
 * @param option the option that holds the rules, for errors
 * @param memory bytes for working tensors
 * @throws RangeError where the training points are all the same, so that a rule gives no radius
 */
export function prepareRadii(
  rules: readonly RadiusRule[],
  data: Points,
  option = 'radii',
  memory?: number,
): RadiiOf {
  const names = new Set(rules.flatMap(({scale}) => scale ?? []))
  const lengths = new Map([...names].map((name) => [name, scales[name](data, option, memory)]))
  return async (points) => {
    const scaleOf = new Map<string, Float64Array>()
    for (const [name, length] of lengths) scaleOf.set(name, await length(points))
    return rules.map(({text, factor, scale}) => ({
      rule: text,
      radius: scale
        ? scaleOf.get(scale)!.map((length) => length * factor)
        : new Float64Array(points.count).fill(factor),
    }))
  }
}
