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
  /**
   * log2 of the most pieces that the layer can cut a part of the ball into, of which it reads an image of so many
   * dimensions. Default: as many as hyperplanes in general position, sum of C(m, j) for j up to the dimension.
   */
  readonly pieces?: ((dimension: number) => number) | undefined
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
 * Where a layer is known to cut into fewer `pieces`, F(k), the term of j takes at most what those of fewer j left of
 * F(k). No more than C(m, j) pieces have j units off, and R(l+1, .) does not fall as the dimension grows, so that the sum
 * is largest where the pieces have as few units off as can be.
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
  const cuts = layers.map(({unstable, kinks = unstable, doubles = 0}) => ({kinks, doubles}))
  const most = cuts.reduce((sum, {kinks, doubles}) => sum + kinks + 2 * doubles, 0)
  // No count is above 2^most: doubles hold it, and are many times faster than logarithms.
  if (most < largest) return Math.log2(new Recursion(layers, cuts, asNumbers).from(0, dimension))
  // Counted in units of 2^-1000 they hold twice as much, as long as no layer alone has more to say than they hold.
  if (most < 2 * largest && cuts.every(({kinks, doubles}) => kinks + 2 * doubles < largest)) {
    return Math.log2(new Recursion(layers, cuts, asSmallNumbers).from(0, dimension)) + largest
  }
  // Numbers that only grow, term by term, stay in order whatever the rounding; sums of logarithms need not.
  const whole = layers.map((layer) => ({...layer, pieces: undefined}))
  return Math.min(
    new Recursion(layers, cuts, asLogarithms).from(0, dimension),
    new Recursion(whole, cuts, asLogarithms).from(0, dimension),
  )
}

/** How counts are written down while they are added up. */
interface Notation {
  readonly one: number
  /** (1 + x)^kinks (1 + 2x)^doubles at x = 1. */
  all(kinks: number, doubles: number): number
  /** The coefficients of (1 + x)^kinks (1 + 2x)^doubles. */
  ways(kinks: number, doubles: number): Float64Array
  /** Sum over j = 0..last of the products of the `ways` with the values; `most` (log2) limits the sum of the ways. */
  combine(ways: Float64Array, last: number, value: (j: number) => number, most?: number): number
}

/** Undecided kinks of a layer. */
interface Cuts {
  readonly kinks: number
  readonly doubles: number
}

/** R of the layers from l on. */
class Recursion {
  readonly #layers: readonly LayerCount[]
  readonly #cuts: readonly Cuts[]
  readonly #notation: Notation
  readonly #free: readonly Unhindered[]
  /** Only few of the k are ever asked for; each is worked out once. */
  readonly #known: readonly Map<number, number>[]
  /** Of each layer, once it is asked for. */
  readonly #ways: (Float64Array | undefined)[] = []

  constructor(layers: readonly LayerCount[], cuts: readonly Cuts[], notation: Notation) {
    this.#layers = layers
    this.#cuts = cuts
    this.#notation = notation
    this.#free = unhindered(layers, cuts, notation)
    this.#known = layers.map(() => new Map<number, number>())
  }

  from(l: number, dimension: number): number {
    const layer = this.#layers[l]
    if (!layer) return this.#notation.one
    const {dimension: enough, value: whole} = this.#free[l]!
    if (dimension >= enough && whole !== undefined) return whole
    const k = Math.min(dimension, enough)
    const known = this.#known[l]!
    const found = known.get(k)
    if (found !== undefined) return found
    const {kinks, doubles} = this.#cuts[l]!
    const last = Math.min(kinks + doubles, k)
    const value = (j: number) => this.from(l + 1, after(layer, k, j))
    this.#ways[l] ??= this.#notation.ways(kinks, doubles)
    const result = this.#notation.combine(this.#ways[l], last, value, layer.pieces?.(k))
    known.set(k, result)
    return result
  }
}

/** From a dimension on R(l, k) is the same for every k: its value, where no layer from l on is known to cut into fewer pieces. */
interface Unhindered {
  readonly dimension: number
  readonly value: number | undefined
}

/**
 * From which dimension on each layer and those that follow cut as if there were no limit to it: every set of cuts is
 * possible, and what is left after any of them is enough for the layers that follow.
 */
function unhindered(
  layers: readonly LayerCount[],
  cuts: readonly Cuts[],
  {all}: Notation,
): Unhindered[] {
  const found: Unhindered[] = []
  let [dimension, kinks, doubles, fewer] = [0, 0, 0, false]
  for (let l = layers.length - 1; l >= 0; l--) {
    const layer = layers[l]!
    const most = cuts[l]!.kinks + cuts[l]!.doubles
    const left = after(layer, Number.POSITIVE_INFINITY, most)
    dimension = left < dimension ? Number.POSITIVE_INFINITY : Math.max(most, dimension)
    kinks += cuts[l]!.kinks
    doubles += cuts[l]!.doubles
    fewer ||= layer.pieces !== undefined
    found[l] = {dimension, value: fewer ? undefined : all(kinks, doubles)}
  }
  return found
}

function after(
  {unstable, active, moving = unstable + active, silent, bottleneck}: LayerCount,
  k: number,
  j: number,
) {
  if (!bottleneck) return k
  return Math.min(k, silent ? moving - j : moving)
}

/** Doubles hold powers of 2 up to a little above this one, and down to a little below its inverse. */
const largest = 1000

const waysAsNumbers = remembered((kinks, doubles) => {
  return log2Ways(kinks, doubles).map((log) => 2 ** log)
})

const asNumbers = numbersTimes(0)
const asSmallNumbers = numbersTimes(-largest)

/** Doubles that stand for 2^-exponent times as much. */
function numbersTimes(exponent: number): Notation {
  return {
    one: 2 ** exponent,
    all: (kinks, doubles) => {
      const half = Math.floor(doubles / 2)
      return 2 ** (kinks + exponent) * 3 ** half * 3 ** (doubles - half)
    },
    ways: waysAsNumbers,
    combine: (ways, last, value, most = Number.POSITIVE_INFINITY) => {
      let rest = 2 ** most * (1 + room)
      let sum = 0
      for (let j = 0; j <= last && rest > 0; j++) {
        const taken = Math.min(ways[j]!, rest)
        sum += taken * value(j)
        rest -= taken
      }
      return sum
    },
  }
}

const asLogarithms: Notation = {
  one: 0,
  all: (kinks, doubles) => kinks + doubles * Math.log2(3),
  ways: remembered(log2Ways),
  combine: (ways, last, value, most) => {
    const terms: number[] = []
    // What is left, as a share of the most.
    let rest = 1 + room
    for (let j = 0; j <= last && rest > 0; j++) {
      const share = most === undefined ? 0 : Math.min(2 ** (ways[j]! - most), rest)
      const taken = most === undefined ? ways[j]! : most + Math.log2(share)
      if (taken > Number.NEGATIVE_INFINITY) terms.push(taken + value(j))
      rest -= share
    }
    return log2Sum(terms)
  },
}

/** For the rounding of what is left, as a share. */
const room = 1e-12

/** Remembers short rows, which come up again at point after point. */
function remembered(make: (kinks: number, doubles: number) => Float64Array) {
  const rows = new Map<number, Float64Array>()
  const longest = 1024
  return (kinks: number, doubles: number): Float64Array => {
    if (kinks + doubles > longest) return make(kinks, doubles)
    const key = kinks * (longest + 1) + doubles
    const row = rows.get(key) ?? make(kinks, doubles)
    rows.set(key, row)
    return row
  }
}

/** log2(2^a + 2^b + ...) */
function log2Sum(logs: readonly number[]): number {
  const largest = logs.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  if (logs.length === 1) return largest
  return largest + Math.log2(logs.reduce((sum, log) => sum + 2 ** (log - largest), 0))
}

/** log2 of the coefficient of x^j in (1 + x)^kinks (1 + 2x)^doubles, for j = 0..kinks + doubles. */
function log2Ways(kinks: number, doubles: number): Float64Array {
  const once = log2Binomials(kinks)
  if (doubles === 0) return once
  const twice = log2Binomials(doubles).map((log, j) => log + j)
  return Float64Array.from({length: kinks + doubles + 1}, (_, j) => {
    const terms: number[] = []
    for (let i = Math.max(0, j - kinks); i <= Math.min(doubles, j); i++) {
      terms.push(twice[i]! + once[j - i]!)
    }
    return log2Sum(terms)
  })
}

/** log2 C(m, j) for j = 0..m. */
function log2Binomials(m: number): Float64Array {
  const row = new Float64Array(m + 1)
  for (let j = 1; j <= m; j++) row[j] = row[j - 1]! + Math.log2((m - j + 1) / j)
  row[m] = 0
  return row
}
