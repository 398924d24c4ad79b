import {quantiles} from '../../storage/summaries.js'
import {partition} from '../partition.js'
import type {BoundRow, MeasurementRow, Row} from './rows.js'

/**
 * What can be said of a ball from both sides, each quantity on an axis of its own: log2 of the regions is at
 * most the bound and at least the patterns that are seen; of the units that change there are at most
 * those that are unstable and at least those that are seen to. Units that change may well be more than
 * the bound has bits: sets of them that cannot be zero together are not counted.
 */
export type Quantity = 'regions' | 'units'
export type Side = 'at most' | 'at least'

/** Median over the points of a group at one moment and radius. */
export interface InBall {
  readonly name: string
  readonly step: number
  readonly group: string
  readonly radius: number
  readonly quantity: Quantity
  readonly side: Side
  readonly median: number
}

/** What the log holds of balls. */
export interface BallRows {
  readonly bounds: readonly BoundRow[]
  readonly witnessed: readonly MeasurementRow[]
  readonly patterns: readonly MeasurementRow[]
}

/**
 * Medians of both sides, radii as their median over the points. Units are left out where none were looked
 * for: unstable ones alone are what the bound counts.
 */
export function insideBalls({bounds, witnessed, patterns}: BallRows): readonly InBall[] {
  const radii = new Map(
    partition(bounds, placeOfRadius).map((rows) => [
      placeOfRadius(rows[0]!),
      medianOf(rows.map(({radius}) => radius)),
    ]),
  )
  const lookedFor = new Set(witnessed.map(({name, step}) => `${step}\n${name}`))
  const medians = (quantity: Quantity, side: Side, rows: readonly Ranked[]) =>
    partition(rows, ({name, step, group, rule}) => [name, step, group, rule].join('\n')).flatMap(
      (together): InBall[] => {
        const {name, step, group} = together[0]!
        const radius = radii.get(placeOfRadius(together[0]!))
        const median = medianOf(together.map(({value}) => value))
        return radius === undefined ? [] : [{name, step, group, radius, quantity, side, median}]
      },
    )
  const unstable = bounds.filter(({name, step}) => lookedFor.has(`${step}\n${name}`))
  return [
    ...medians(
      'regions',
      'at most',
      bounds.map((row) => ({...row, value: row.log2Regions})),
    ),
    ...medians('regions', 'at least', patterns),
    ...medians(
      'units',
      'at most',
      unstable.map((row) => ({...row, value: row.unstable})),
    ),
    ...medians('units', 'at least', witnessed),
  ]
}

type Ranked = Row & Pick<MeasurementRow, 'rule' | 'value'>

const placeOfRadius = ({name, rule}: Pick<Ranked, 'name' | 'rule'>) => `${name}\n${rule}`

const medianOf = (values: readonly number[]) => quantiles(Float64Array.from(values)).median
