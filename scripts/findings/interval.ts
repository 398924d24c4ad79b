import jstat from 'jstat'

/** A mean over seeds and its two-sided 95 % interval. */
export interface Interval {
  readonly mean: number
  /** The interval's ends; null of one value alone, which says nothing of its spread. */
  readonly low: number | null
  readonly high: number | null
}

/**
 * Mean of paired differences with Student's t-interval: mean -/+ t(0.975, n - 1) s / sqrt(n), s the
 * standard deviation with n - 1. It takes the seeds for independent draws from a normal distribution.
 *
 * @param values one difference a seed, all finite, at least one
 *
 * @example
 * tInterval([1, 2, 3]) // {mean: 2, low: -0.484, high: 4.484}: t(0.975, 2) = 4.303 and s = 1
 */
export function tInterval(values: readonly number[]): Interval {
  const n = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  if (n < 2) return {mean, low: null, high: null}
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1)
  const half = jstat.studentt.inv(0.975, n - 1) * Math.sqrt(variance / n)
  return {mean, low: mean - half, high: mean + half}
}
