import type {SummariesTable} from './schema.js'
import type {Snapshot} from './snapshot.js'

/** Numbers that sum a set of values up; every one but the mean is a value of the set. */
export type Quantiles = Pick<
  SummariesTable,
  'n' | 'min' | 'q10' | 'q25' | 'median' | 'q75' | 'q90' | 'max' | 'mean'
>

/** A row of `summaries` before its snapshot has a number. */
export type Summary = Omit<SummariesTable, 'snapshot_id'>

/** A measurement of that name is a class, not a quantity, and has no summary. */
export const classMeasure = 'predicted'

/**
 * Quantiles by nearest rank: the p % quantile of n sorted values is number ceil(p n / 100), so
 * that infinity stays infinity and nothing is interpolated. The mean is null where infinity and
 * minus infinity meet.
 *
 * ```ts
 * quantiles(Float64Array.of(3, 1, Infinity, 2)).median //-> 2
 * ```
 *
 * @param values at least one, none of them NaN
 */
export function quantiles(values: Float64Array): Quantiles {
  const sorted = values.slice().sort()
  const n = sorted.length
  const rank = (percent: number) => sorted[Math.max(0, Math.ceil((percent * n) / 100) - 1)]!
  const mean = sorted.reduce((sum, value) => sum + value, 0) / n
  return {
    n,
    min: rank(0),
    q10: rank(10),
    q25: rank(25),
    median: rank(50),
    q75: rank(75),
    q90: rank(90),
    max: rank(100),
    mean: Number.isNaN(mean) ? null : mean,
  }
}

/** The summaries of a snapshot: for each group of points, each distance, bound and measurement. */
export function summarise(snapshot: Snapshot): Summary[] {
  const members = new Map<string, number[]>()
  snapshot.points.forEach(({group}, point) => {
    const known = members.get(group)
    if (known) known.push(point)
    else members.set(group, [point])
  })
  const measured = [
    ...snapshot.distances.map(({norm, distance}) => ({
      ...key('distance', {norm}),
      values: distance,
    })),
    ...snapshot.bounds.map(({method, counting, rule, log2Regions}) => ({
      ...key('bound', {method, counting, radius_rule: rule}),
      values: log2Regions,
    })),
    ...snapshot.measurements
      .filter(({measure}) => measure !== classMeasure)
      .map(({measure, rule, value}) => ({...key(measure, {radius_rule: rule}), values: value})),
  ]
  return [...members].flatMap(([point_group, points]) =>
    measured.map(({values, ...rest}) => ({
      point_group,
      ...rest,
      ...quantiles(Float64Array.from(points, (point) => values[point]!)),
    })),
  )
}

function key(measure: string, applies: Partial<Summary>) {
  return {measure, norm: '', method: '', counting: '', radius_rule: '', ...applies}
}
