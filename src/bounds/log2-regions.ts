/** What the counting needs to know of one kinked layer of one ball. */
export interface LayerCount {
  /** Units that can change their piece on the ball. */
  readonly unstable: number
  /** Units that are on everywhere on the ball. */
  readonly active: number
  /** Undecided kinks, each of which cuts once. Default: one for each unstable unit. */
  readonly kinks?: number
  /** Units with two parallel undecided kinks, besides: a unit crosses one or the other. Default: 0. */
  readonly doubles?: number
  /** Units whose output can move. Default: unstable + active. */
  readonly moving?: number
  /** Whether a unit that is cut stands still on one side (ReLU's slope 0), taking a dimension away. */
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
 * For any other kink the dimension is min(k, units whose output can move), where a path leads around the layer
 * it stays k, and a unit with two undecided kinks counts twice: with m single and p double ones C(m, j) becomes
 * the coefficient of x^j in (1 + x)^m (1 + 2x)^p.
 *
 * @param layers in topological order
 * @param dimension d, the dimension of the input
 * @returns log2 of the bound: 0 for one region. Never Infinity.
 *
 * ```ts
 * const relu = {silent: true, bottleneck: true}
 * log2Regions([{unstable: 3, active: 2, ...relu}, {unstable: 4, active: 1, ...relu}], 2)
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
    const {kinks = layer.unstable, doubles = 0} = layer
    const ways = log2Ways(kinks, doubles)
    const terms: number[] = []
    for (let j = 0; j <= Math.min(kinks + doubles, k); j++) {
      terms.push(ways[j]! + from(l + 1, after(layer, k, j)))
    }
    const result = log2Sum(terms)
    known[l]!.set(k, result)
    return result
  }
  return from(0, dimension)
}

function after(
  {unstable, active, moving = unstable + active, silent, bottleneck}: LayerCount,
  k: number,
  j: number,
) {
  if (!bottleneck) return k
  return Math.min(k, silent ? moving - j : moving)
}

/** log2(2^a + 2^b + ...) */
function log2Sum(logs: readonly number[]): number {
  const largest = logs.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  if (logs.length === 1) return largest
  return largest + Math.log2(logs.reduce((sum, log) => sum + 2 ** (log - largest), 0))
}

const rows = new Map<string, Float64Array>()

/** log2 of the coefficient of x^j in (1 + x)^singles (1 + 2x)^doubles, for j = 0..singles + doubles. */
function log2Ways(singles: number, doubles: number): Float64Array {
  const key = `${singles}/${doubles}`
  let row = rows.get(key)
  if (!row) {
    row = log2Binomials(singles)
    if (doubles > 0) {
      const twice = log2Binomials(doubles).map((log, j) => log + j)
      const once = row
      row = Float64Array.from({length: singles + doubles + 1}, (_, j) => {
        const terms: number[] = []
        for (let i = Math.max(0, j - singles); i <= Math.min(doubles, j); i++) {
          terms.push(twice[i]! + once[j - i]!)
        }
        return log2Sum(terms)
      })
    }
    rows.set(key, row)
  }
  return row
}

/** log2 C(m, j) for j = 0..m. */
function log2Binomials(m: number): Float64Array {
  const row = new Float64Array(m + 1)
  for (let j = 1; j <= m; j++) row[j] = row[j - 1]! + Math.log2((m - j + 1) / j)
  row[m] = 0
  return row
}
