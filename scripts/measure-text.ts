/** What names a summary of points besides their group. */
export interface SummaryKey {
  readonly measure: string
  readonly norm: string
  readonly method: string
  readonly counting: string
  readonly radius_rule: string
}

/**
 * A measure in words: bounds are logarithms, and said to be.
 *
 * @example
 * measureText({measure: 'bound', norm: '', method: 'crown', counting: 'flats', radius_rule: '0.1'})
 * // 'log2 bound crown flats 0.1'
 */
export function measureText({measure, norm, method, counting, radius_rule}: SummaryKey): string {
  const name = measure === 'bound' ? 'log2 bound' : measure
  return [name, norm, method, counting, radius_rule].filter((part) => part !== '').join(' ')
}
