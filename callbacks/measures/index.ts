import {checkDistinct, checkList, checkText, hasMethod, show, wrong} from '../check.js'
import {localComplexity} from './local-complexity.js'
import type {Measure} from './measure.js'
import type {ObservedMeasure} from './observed.js'
import {patterns} from './patterns.js'
import {predictedName} from './predicted.js'
import {witnessed} from './witnessed.js'

export type {Measure, MeasureInput, Values} from './measure.js'

/** What is seen inside the balls, by name; off by default. */
export const observedMeasures = {
  witnessed,
  patterns,
  'local-complexity': localComplexity,
} as const satisfies Readonly<Record<string, ObservedMeasure>>

/** What is measured by name, all of it in one pass over the network: units by measure. */
export const coreMeasures = {
  distance: 'input units',
  bound: 'log2 regions',
  witnessed: witnessed.unit,
  patterns: patterns.unit,
  'local-complexity': localComplexity.unit,
} as const

/** A measure that has a name. */
export type MeasureName = keyof typeof coreMeasures

/** The option `measures`, read. */
export interface Measures {
  readonly core: ReadonlySet<MeasureName>
  readonly own: readonly Measure[]
}

/**
 * Reads the option `measures`.
 *
 * @throws RangeError where a name is unknown or given twice, or an own measure lacks name, unit or
 *   `measure`
 */
export function readMeasures(given: unknown): Measures {
  const list = checkList('measures', given)
  if (!list.length) throw new RangeError('measures: expected at least one measure, got []')
  const core = list.filter((item) => typeof item === 'string').map(readName)
  const own = list.filter((item) => typeof item !== 'string').map(readOwn)
  checkDistinct('measures', [...core, ...own.map(({name}) => name)])
  return {core: new Set(core), own}
}

function readName(name: string): MeasureName {
  if (Object.hasOwn(coreMeasures, name)) return name as MeasureName
  const known = Object.keys(coreMeasures).map((core) => `'${core}'`)
  throw wrong('measures', `${known.join(', ')} or {name, unit, measure} of your own`, name)
}

function readOwn(given: unknown): Measure {
  if (!hasMethod(given, 'measure')) throw wrong('measures', 'names or {name, unit, measure}', given)
  const own = given as Measure
  const name = checkText('measures: name', own.name)
  checkText(`measures: unit of ${show(name)}`, own.unit)
  if (Object.hasOwn(coreMeasures, name) || name === predictedName)
    throw new RangeError(`measures: ${show(name)} is a built-in measure's name; choose another`)
  return own
}
