import type {Comparison} from './compare.js'

/** One row of the table of findings: a sentence of the abstract held against one experiment. */
export interface Finding extends Omit<Comparison, 'verdict'> {
  /** `A`: boundaries move away from training points; `B`: more regions around them than elsewhere. */
  readonly finding: 'A' | 'B'
  /** Name of the runs. */
  readonly run: string
  /** What the medians are of, such as `median l2 distance`. */
  readonly subject: string
  /** Which of them are compared, such as `train, last / step 0`. */
  readonly compared: string
  /** `log ratio`: natural logarithm of one median over another; `bits`: difference of two log2. */
  readonly scale: 'log ratio' | 'bits'
  /** Group of points that the effect is of; in B the one that training points are compared with. */
  readonly group: string
  readonly norm?: string
  readonly method?: string
  readonly radiusRule?: string
  /** When each seed's median was the least or the greatest, in rows that compare these. */
  readonly epochs?: readonly number[]
  /** Null in rows that only describe: the greatest of all is never below the first. */
  readonly verdict: Comparison['verdict'] | null
  /** The row in words. */
  readonly sentence: string
}

/** The effect in words: `×2.31` of a log ratio, `+12.31` of a difference in bits. */
export function effectText(scale: Finding['scale'], effect: number | null): string {
  if (effect === null) return '-'
  if (scale === 'log ratio') return `×${Math.exp(effect).toPrecision(3)}`
  const bits = Number(effect.toFixed(2))
  return `${bits > 0 ? '+' : ''}${bits.toFixed(2)}`
}

/** The interval in words: `×1.92 to ×2.77`. */
export function intervalText({scale, low, high}: Pick<Finding, 'scale' | 'low' | 'high'>): string {
  if (low === null || high === null) return '-'
  return `${effectText(scale, low)} to ${effectText(scale, high)}`
}
