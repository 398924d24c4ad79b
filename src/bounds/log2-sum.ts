/** log2(2^a + 2^b + ...); exactly a where there is but one. */
export function log2Sum(logs: readonly number[]): number {
  const largest = logs.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  if (logs.length === 1) return largest
  return largest + Math.log2(logs.reduce((sum, log) => sum + 2 ** (log - largest), 0))
}
