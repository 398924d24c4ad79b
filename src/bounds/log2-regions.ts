/** What the counting needs to know of one kinked layer of one ball. */
export interface LayerCount {
  /** Units that can change their sign on the ball. */
  readonly unstable: number
  /** Units that are on everywhere on the ball. */
  readonly active: number
  /** All units. */
  readonly units: number
  /** Whether an inactive unit's output stays where it is (slope 0), so that it takes a dimension away. */
  readonly silent: boolean
  /** Whether every path from the input to later kinks passes through this layer. */
  readonly bottleneck: boolean
}

/**
 * log2 of an upper bound on the linear regions that meet a ball, from the units that are unstable on it.
 *
 * Serra, Tjandraatmadja and Ramalingam (arXiv:1711.02114, Theorem 1) made local. With m unstable and s
 * active units in layer l, and k the dimension of what arrives there:
 *
 *     R(l, k) = sum_{j=0}^{min(m, k)} C(m, j) R(l+1, min(k, s + m - j)),   R(L+1, .) = 1,   bound = R(1, d).
 *
 * Where inactive units pass something on (a leaky slope) the dimension is min(k, units), and where a path
 * leads around the layer it stays k.
 *
 * @param layers in topological order
 * @param dimension d, the dimension of the input
 * @returns log2 of the bound: 0 for one region. Never Infinity.
 *
 * ```ts
 * const relu = {silent: true, bottleneck: true}
 * log2Regions([{unstable: 3, active: 2, units: 5, ...relu}, {unstable: 4, active: 1, units: 5, ...relu}], 2)
 * //-> 6.267 = log2(77)
 * ```
 */
export function log2Regions(layers: readonly LayerCount[], dimension: number): number {
  // Only few of the k are ever asked for; each is worked out once.
  const known = layers.map(() => new Map<number, number>())
  const from = (l: number, k: number): number => {
    const layer = layers[l]
    if (!layer) return 0
    const found = known[l]!.get(k)
    if (found !== undefined) return found
    const {unstable: m} = layer
    const binomials = log2Binomials(m)
    const terms: number[] = []
    for (let j = 0; j <= Math.min(m, k); j++)
      terms.push(binomials[j]! + from(l + 1, after(layer, k, j)))
    const result = log2Sum(terms)
    known[l]!.set(k, result)
    return result
  }
  return from(0, dimension)
}

function after({unstable, active, units, silent, bottleneck}: LayerCount, k: number, j: number) {
  if (!bottleneck) return k
  return Math.min(k, silent ? active + unstable - j : units)
}

/** log2(2^a + 2^b + ...) */
function log2Sum(logs: readonly number[]): number {
  const largest = logs.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  if (logs.length === 1) return largest
  return largest + Math.log2(logs.reduce((sum, log) => sum + 2 ** (log - largest), 0))
}

const binomialRows = new Map<number, Float64Array>()

/** log2 C(m, j) for j = 0..m. */
function log2Binomials(m: number): Float64Array {
  let row = binomialRows.get(m)
  if (!row) {
    row = new Float64Array(m + 1)
    for (let j = 1; j <= m; j++) row[j] = row[j - 1]! + Math.log2((m - j + 1) / j)
    row[m] = 0
    binomialRows.set(m, row)
  }
  return row
}
