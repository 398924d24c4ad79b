import {tInterval} from './interval.js'

export type Verdict = 'reproduced' | 'reversed' | 'undecided'

/** One seed's part in a comparison. */
export interface SeedEffect {
  readonly seed: number
  /** Null where a median is infinite or 0, so that there is no such number. */
  readonly effect: number | null
}

/** Two medians of each run compared, over the seeds of an experiment. */
export interface Comparison {
  readonly seeds: readonly SeedEffect[]
  /** Mean over the seeds that have an effect; null where none has. */
  readonly mean: number | null
  /** Ends of the 95 % t-interval over them; null of fewer than two. */
  readonly low: number | null
  readonly high: number | null
  readonly verdict: Verdict
}

/**
 * Mean, interval and verdict of an effect over seeds. Reproduced where every seed is above 0 and the
 * interval too, reversed where every seed is below 0 and the interval too; else undecided, as it is
 * with one seed, or where a seed has no number.
 *
 * @example
 * compare([{seed: 1, effect: 0.9}, {seed: 2, effect: 1}, {seed: 3, effect: 1.1}]).verdict // 'reproduced'
 */
export function compare(seeds: readonly SeedEffect[]): Comparison {
  const effects = seeds.flatMap(({effect}) => (effect === null ? [] : [effect]))
  if (effects.length === 0) {
    return {seeds, mean: null, low: null, high: null, verdict: 'undecided'}
  }
  const {mean, low, high} = tInterval(effects)
  const all = (holds: (effect: number) => boolean) =>
    effects.length === seeds.length && effects.every(holds)
  const verdict =
    low !== null && low > 0 && all((effect) => effect > 0)
      ? 'reproduced'
      : high !== null && high < 0 && all((effect) => effect < 0)
        ? 'reversed'
        : 'undecided'
  return {seeds, mean, low, high, verdict}
}
