import {
  type LargeNumber,
  LargeSum,
  log2Of,
  one,
  powerOf2,
  product,
  ratio,
  smaller,
} from './large-number.js'
import {type Ways, waysOf} from './ways.js'

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
  return log2Of(new Recursion(layers, dimension).from(0, dimension))
}

/** Undecided kinks of a layer. */
interface Cuts {
  readonly kinks: number
  readonly doubles: number
}

/** R of the layers from l on. A class, whose methods stay compiled from one snapshot to the next: see `Passage`. */
class Recursion {
  readonly #layers: readonly LayerCount[]
  readonly #cuts: readonly Cuts[]
  readonly #dimension: number
  readonly #free: readonly Unhindered[]
  /** Only few of the k are ever asked for; each is worked out once. */
  readonly #known: readonly Map<number, LargeNumber>[]
  /** Of each layer, once it is asked for. */
  readonly #ways: (Ways | undefined)[] = []

  constructor(layers: readonly LayerCount[], dimension: number) {
    this.#layers = layers
    this.#cuts = layers.map(({unstable, kinks = unstable, doubles = 0}) => ({kinks, doubles}))
    this.#dimension = dimension
    this.#free = unhindered(layers, this.#cuts)
    this.#known = layers.map(() => new Map<number, LargeNumber>())
  }

  from(l: number, dimension: number): LargeNumber {
    const layer = this.#layers[l]
    if (!layer) return one
    const {dimension: enough, value: whole} = this.#free[l]!
    if (dimension >= enough && whole !== undefined) return whole
    const k = Math.min(dimension, enough)
    const known = this.#known[l]!
    const before = known.get(k)
    if (before) return before
    const {kinks, doubles} = this.#cuts[l]!
    const last = Math.min(kinks + doubles, k)
    this.#ways[l] ??= waysOf(kinks, doubles, this.#dimension)
    const [ways, most] = [this.#ways[l], layer.pieces?.(k)]
    const found = this.#isSameAfterAny(l)
      ? product(waysInAll(ways, last, most), this.from(l + 1, after(layer, k, 0)))
      : this.#sum(l, k, ways, last, most)
    known.set(k, found)
    return found
  }

  /** Whether what follows layer l does not depend on how many of its kinks are cut. */
  #isSameAfterAny(l: number): boolean {
    const {silent, bottleneck} = this.#layers[l]!
    return !(silent && bottleneck) || l === this.#layers.length - 1
  }

  /**
   * Sum over j = 0..last of the ways to cut j kinks times what follows.
   *
   * @param most log2 of the most that the ways add up to
   */
  #sum(l: number, k: number, ways: Ways, last: number, most: number | undefined): LargeNumber {
    const layer = this.#layers[l]!
    const {mantissa, exponent} = ways
    const limit = most === undefined ? undefined : powerOf2(most)
    const sum = new LargeSum()
    // What is left of the limit, as a share of it.
    let rest = 1 + room
    for (let j = 0; j <= last && rest > 0; j++) {
      const next = this.from(l + 1, after(layer, k, j))
      let own = mantissa[j]!
      let power = exponent[j]!
      if (limit) {
        const share = ratio(own, power, limit)
        if (share > rest) {
          own = limit.mantissa * rest
          power = limit.exponent
        }
        rest -= share
      }
      sum.add(own * next.mantissa, power + next.exponent)
    }
    return sum.get()
  }
}

/** The ways to cut up to `last` kinks, or the limit on the pieces (log2), whichever is less. */
function waysInAll({sums}: Ways, last: number, most: number | undefined): LargeNumber {
  const all = {mantissa: sums.mantissa[last]!, exponent: sums.exponent[last]!}
  return most === undefined ? all : smaller(all, product(powerOf2(most), aLittleMore))
}

/** For the rounding of what is left, as a share. */
const room = 1e-12

const aLittleMore: LargeNumber = {mantissa: 1 + room, exponent: 0}

/** From a dimension on R(l, k) is the same for every k: its value, where no layer from l on is known to cut into fewer pieces. */
interface Unhindered {
  readonly dimension: number
  readonly value: LargeNumber | undefined
}

/**
 * From which dimension on each layer and those that follow cut as if there were no limit to it: every set of cuts is
 * possible, and what is left after any of them is enough for the layers that follow.
 */
function unhindered(layers: readonly LayerCount[], cuts: readonly Cuts[]): Unhindered[] {
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
    found[l] = {dimension, value: fewer ? undefined : powerOf2(kinks + doubles * Math.log2(3))}
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
