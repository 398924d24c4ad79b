import {quantiles} from '../../storage/summaries.js'
import {partition} from '../partition.js'

interface OfRadius {
  readonly rule: string
  /** The rule's radius for one point, in input units. */
  readonly radius: number
}

/** A radius rule and what it came to. */
export interface RadiusName {
  readonly rule: string
  /** Such as `0.105`. */
  readonly value: string
}

/**
 * The radius rules in the order of their radii, each with its value in input units where it is
 * one number, or its median where it differs from point to point.
 *
 * @example
 * radiusNames([{rule: '0.1', radius: 0.1}]) // [{rule: '0.1', value: '0.1'}]
 */
export function radiusNames(rows: readonly OfRadius[]): readonly RadiusName[] {
  return partition(rows, (row) => row.rule)
    .map((ofRule) => {
      const {min, median, max} = quantiles(Float64Array.from(ofRule, (row) => row.radius))
      const same = max - min <= 1e-3 * median
      const value = `${same ? '' : 'median '}${Number(median.toPrecision(3))}`
      return {rule: ofRule[0]!.rule, median, value}
    })
    .sort((a, b) => a.median - b.median)
    .map(({rule, value}) => ({rule, value}))
}
