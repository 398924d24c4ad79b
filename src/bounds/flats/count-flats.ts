import {once} from '../../affine/once.js'
import type {Forward} from '../../forward.js'
import type {Deviations, KinkAtPoints, Secants} from '../../kinks/kink.js'
import type {KinkInstruction, Program} from '../../program.js'
import type {RowGrid} from '../../pull-back.js'
import {float32Roundoff, roundingFactor} from '../../rounding.js'
import type {BoundTools, LayerBounds} from '../bound-layers.js'
import {copy} from '../deviations.js'
import {countFeasibleSets, type Reaches} from './feasible-sets.js'
import {log2Subsets, type Shares} from './knapsack.js'
import {largestEigenvalue} from './largest-eigenvalue.js'
import {rowGrams} from './row-grams.js'

/**
 * log2 of an upper bound on the pieces that a layer's unstable units cut a convex part of the ball into, of
 * which the layer reads an image of `dimension` dimensions.
 */
export type Pieces = (dimension: number) => number

/** Sets are looked at one by one up to 2^10 of them. */
const setsOneByOne = 10

/** Most unstable units of a point and layer whose rows are multiplied with each other. */
const mostRows = 1024

/** What products may have lost below the least float32, of rows whose largest entry is 1. */
const underflow = 1e-34

/** More rows than this at once fall out of the processor's caches and are slower. */
const rowsAtOnce = 4096

/**
 * Counts, for each kinked layer and point, the sets of unstable units that can be zero together in the ball:
 * no more pieces can there be, since hyperplanes cut a convex set into at most as many pieces as there are sets of
 * them that meet inside it (Zaslavsky). See docs/method.md for the proof that sets are not missed.
 *
 * @returns `[layer][point]`; undefined where nothing is known beyond the number of unstable units: a maximum, or fewer
 *   than two unstable units
 */
export async function countFlats(
  {program, memory}: BoundTools,
  forward: Forward,
  radius: Float64Array,
  {deviations}: LayerBounds,
): Promise<(Pieces | undefined)[][]> {
  const {count} = forward.points
  const secants: Secants[] = []
  const spread: Float32Array[] = []
  const pieces: (Pieces | undefined)[][] = []
  const last = program.kinks.length - 1
  const room = roomFor(program, forward.roundoff)
  for (const item of program.kinks) {
    const kinks = forward.kinks[item.layer]!
    const bounds = copy(deviations[item.layer]!)
    const own = new Array<Pieces | undefined>(count)
    pieces.push(own)
    // How far each unstable unit moves, as a share of a vector no longer than the input's move.
    const moves = new Float32Array(count * item.units)
    const open = openUnits(kinks, bounds, count)
    const needed = open.filter(({units}) => units.length > (item.layer === last ? 1 : 0))
    const small = needed.filter(({units}) => units.length <= mostRows)
    for (const {grid, members} of gridsOf(item, small, memory)) {
      const scales = Float32Array.from(members, (member) => scaleOf(member, bounds, radius))
      const grams = await rowGrams(program, grid, secants, spread, scales)
      members.forEach((member, p) => {
        const found = movesTogether(
          room,
          member.units.length,
          grams,
          p,
          grid.rowsPerPoint,
          scales[p]!,
        )
        const reach = radius[member.point]!
        member.units.forEach((at, i) => {
          moves[at] = found.moves[i]!
          const alone = found.lengths[i]! * reach + kinks.rounding[at]!
          if (alone < bounds.below[at]!) bounds.below[at] = alone
          if (alone < bounds.above[at]!) bounds.above[at] = alone
        })
        own[member.point] = piecesOf(kinks, bounds, member, found, reach)
      })
    }
    if (item.layer === last) break
    const secant = kinks.secants(bounds)
    secants.push(secant)
    spread.push(spreadOf(item, secant, moves, radius))
  }
  return pieces
}

/** The unstable units of one point in one layer: their places over all points. */
interface OpenPoint {
  readonly point: number
  readonly units: readonly number[]
}

function openUnits(kinks: KinkAtPoints, {below, above}: Deviations, count: number): OpenPoint[] {
  const open = Array.from({length: count}, (_, point) => ({point, units: [] as number[]}))
  if (kinks.changesToKinks(0, {below, above}) === undefined) return open
  for (let at = 0; at < kinks.center.length; at++) {
    if (kinks.openSides(at, below[at]!, above[at]!) === 0) continue
    open[Math.floor(at / kinks.forms)]!.units.push(at)
  }
  return open
}

/** Grids of all unstable units of some points; points with about as many of them share one. */
function gridsOf(item: KinkInstruction, open: OpenPoint[], memory: number) {
  const limit = Math.max(1, Math.min(rowsAtOnce, Math.floor(memory / (64 * item.units))))
  const sorted = [...open].sort((a, b) => b.units.length - a.units.length)
  const grids: {grid: RowGrid; members: OpenPoint[]}[] = []
  for (let start = 0; start < sorted.length; ) {
    const rowsPerPoint = sorted[start]!.units.length
    let end = start + 1
    while (
      end < sorted.length &&
      (end + 1 - start) * rowsPerPoint <= limit &&
      (sorted[end]!.units.length > 0.8 * rowsPerPoint || (end - start) * rowsPerPoint < 256)
    ) {
      end++
    }
    const members = sorted.slice(start, end)
    const first = new Int32Array(members.length * rowsPerPoint)
    members.forEach(({units}, p) => {
      for (let r = 0; r < rowsPerPoint; r++) {
        first[p * rowsPerPoint + r] = (units[r] ?? units[0]!) % item.units
      }
    })
    const grid: RowGrid = {
      layer: item.layer,
      points: Int32Array.from(members, ({point}) => point),
      first,
      second: undefined,
      signs: new Float32Array(first.length).fill(1),
      rowsPerPoint,
    }
    grids.push({grid, members})
    start = end
  }
  return grids
}

/** About how fast a point's units move, as a power of 2, the other way up: rows times this are of size 1. */
function scaleOf({point, units}: OpenPoint, {below}: Deviations, radius: Float64Array): number {
  let most = 0
  for (const at of units) most = Math.max(most, below[at]!)
  const exponent = Math.round(Math.log2(most / radius[point]!))
  return 2 ** -Math.max(-100, Math.min(100, exponent || 0))
}

interface Together {
  /** As the input moves by t, the vector of changes over moves is no longer than t. */
  readonly moves: Float64Array
  /** As the input moves by t, each unit alone changes by no more than t times this. */
  readonly lengths: Float64Array
  /** Changes are R v with v no longer than the input's move: R R', with a margin for its rounding. */
  readonly gram: Float64Array
}

/** What rounding does to rows, as a share of their lengths, and to products of rows of length 1. */
interface Room {
  readonly rows: number
  readonly products: number
}

function roomFor({instructions}: Program, roundoff: number): Room {
  const widest = instructions.reduce(
    (most, item) => (item.kind === 'affine' ? Math.max(most, item.map.fanIn) : most),
    1,
  )
  return {
    rows: roundingFactor(widest, roundoff),
    // Both arguments are rounded by u, and sums in float32.
    products: 4 * roundoff + roundingFactor(widest, float32Roundoff),
  }
}

/**
 * C u + sum_k M_k delta_k is R v, where R = [C / a_0, M_1 / a_1, ...] and v = [a_0 u, a_1 delta_1, ...]. With the a
 * chosen so that their squares add up to 1 and each delta no longer than u, v is no longer than u.
 */
function movesTogether(
  room: Room,
  n: number,
  grams: readonly Float32Array[],
  place: number,
  size: number,
  scale: number,
): Together {
  const start = place * size * size
  // The shares are best where each is as the norm of its part, its rows made about as long; any are allowed.
  const own = new Float64Array(n)
  for (const values of grams) for (let i = 0; i < n; i++) own[i]! += values[start + i * (size + 1)]!
  const norms = grams.map((values) => {
    let squares = 0
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const product = values[start + i * size + j]!
        if (product !== 0) squares += product ** 2 / (own[i]! * own[j]!)
      }
    }
    return squares ** (1 / 4)
  })
  const sum = norms.reduce((a, b) => a + b, 0)
  const gram = new Float64Array(n * n)
  grams.forEach((values, part) => {
    if (!(norms[part]! > 0)) return
    const weight = sum / norms[part]! / scale ** 2
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) gram[i * n + j]! += weight * values[start + i * size + j]!
      gram[i * n + i]! += weight * underflow
    }
  })
  const lengths = new Float64Array(n)
  for (let i = 0; i < n; i++) lengths[i] = Math.sqrt(gram[i * n + i]!)
  const margin = n * (2 * room.rows + room.products)
  const normalised = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const both = lengths[i]! * lengths[j]!
      normalised[i * n + j] = both > 0 ? gram[i * n + j]! / both : 0
    }
    normalised[i * n + i] = 1 + margin
    gram[i * n + i]! *= 1 + margin
  }
  const most = Math.sqrt(largestEigenvalue(normalised, n)) * (1 + room.rows)
  const alone = Math.sqrt(1 + margin) * (1 + room.rows)
  return {
    moves: lengths.map((length) => length * most),
    lengths: lengths.map((length) => length * alone),
    gram: gram.map((value) => value * (1 + room.rows) ** 2),
  }
}

function piecesOf(
  kinks: KinkAtPoints,
  bounds: Deviations,
  {units}: OpenPoint,
  {moves, gram}: Together,
  radius: number,
): Pieces | undefined {
  if (units.length < 2) return undefined
  const reaches = units.map((at): Reaches => {
    return {values: kinks.changesToKinks(at, bounds)!, error: kinks.rounding[at]!}
  })
  const shares = reaches.map(
    ({values, error}, i): Shares =>
      values.map((value) => {
        const rest = Math.max(0, Math.abs(value) - error)
        return rest > 0 ? (rest / (moves[i]! * radius * (1 + 1e-9))) ** 2 : 0
      }),
  )
  const subsets = log2Subsets(shares)
  const scaled = once(() => gram.map((value) => value * radius ** 2 * (1 + 1e-9)))
  const known = new Map<number, number>()
  return (dimension) => {
    const most = Math.min(dimension, units.length)
    const before = known.get(most)
    if (before !== undefined) return before
    let found = subsets(most)
    if (found <= setsOneByOne) {
      const sets = countFeasibleSets(scaled(), reaches, most, 2 ** setsOneByOne)
      if (sets !== undefined) found = Math.min(found, Math.log2(sets))
    }
    known.set(most, found)
    return found
  }
}

/** Weights of the columns of M_k: delta over these is a vector no longer than the input's move. */
function spreadOf(
  {units}: KinkInstruction,
  {halfWidth, gap}: Secants,
  moves: Float32Array,
  radius: Float64Array,
): Float32Array {
  const out = new Float32Array(gap.length)
  radius.forEach((reach, point) => {
    const [from, to] = [point * units, (point + 1) * units]
    let bent = 0
    let known = halfWidth !== undefined
    for (let at = from; at < to; at++) {
      if (gap[at]! > 0) {
        bent++
        if (!(moves[at]! > 0)) known = false
      }
    }
    for (let at = from; at < to; at++) {
      if (!(gap[at]! > 0)) continue
      // |delta_i| <= gap_i for each of them: over gap_i sqrt(bent) it is a vector of length 1.
      out[at] = known ? halfWidth![at]! * moves[at]! : (gap[at]! * Math.sqrt(bent)) / reach
    }
  })
  return out
}
