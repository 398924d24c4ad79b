import type {Forward} from '../../forward.js'
import type {Deviations, KinkAtPoints, Secants} from '../../kinks/kink.js'
import {once} from '../../once.js'
import type {KinkInstruction, Program} from '../../program.js'
import type {RowGrid} from '../../pull-back.js'
import {float32Roundoff, roundingFactor} from '../../rounding.js'
import type {BoundTools, LayerBounds} from '../bound-layers.js'
import {copy} from '../deviations.js'
import {countFeasibleSets, type Reaches} from './feasible-sets.js'
import {firstLayerGram, pickGram} from './first-layer.js'
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
 * @param local whether rows are pulled back at every point to see how its units move together; else that is known of
 *   the first layer alone, and of the others what balls say of the network as a whole
 * @returns `[layer][point]`; undefined where nothing is known beyond the number of unstable units: a maximum, or fewer
 *   than two unstable units
 */
export async function countFlats(
  tools: BoundTools,
  forward: Forward,
  radius: Float64Array,
  {deviations}: LayerBounds,
  local: boolean,
): Promise<(Pieces | undefined)[][]> {
  const {program} = tools
  const {count} = forward.points
  const before: LayerMoves[] = []
  const pieces: (Pieces | undefined)[][] = []
  const last = program.kinks.length - 1
  const room = roomFor(program, forward.roundoff)
  for (const item of program.kinks) {
    const kinks = forward.kinks[item.layer]!
    const bounds = copy(deviations[item.layer]!)
    const own = new Array<Pieces | undefined>(count)
    pieces.push(own)
    const moves = new Float32Array(count * item.units)
    // What a single unit does matters to the layers after it.
    const least = local && item.layer < last ? 1 : 2
    const open = openUnits(kinks, bounds, count).filter(({units}) => units.length >= least)
    const take = ({point, units}: OpenPoint, found: Together) => {
      const reach = radius[point]!
      units.forEach((at, i) => {
        moves[at] = found.moves[i]!
        const alone = found.alone[i]! * reach + kinks.rounding[at]!
        if (alone < bounds.below[at]!) bounds.below[at] = alone
        if (alone < bounds.above[at]!) bounds.above[at] = alone
      })
      own[point] = piecesOf(kinks, bounds, units, found, reach)
    }
    const whole = item.layer === 0 ? await firstLayerGram(program) : undefined
    const fitting = open.filter(({units}) => units.length <= mostRows)
    if (whole) {
      for (const member of fitting) {
        const picked = member.units.map((at) => at % item.units)
        const gram = pickGram(whole, picked)
        take(member, movesTogether(room, picked.length, [gram], 0, picked.length, whole.scale))
      }
    } else if (local) {
      await pullMoves(tools, item, fitting, bounds, radius, before, room, take)
    } else {
      const balls = await tools.balls('normalised')
      const reach = await balls.reach(item.input)
      const scale = balls.scales[item.input]
      for (const member of open) take(member, movesOfBalls(reach, scale, item, member, room))
    }
    if (!local) continue
    const secants = kinks.secants(bounds)
    before.push({secants, spread: spreadOf(item, secants, moves, radius)})
  }
  return pieces
}

/** How the units of a layer move, for the layers after it. */
interface LayerMoves {
  readonly secants: Secants
  /** Weights of the columns of M_k. */
  readonly spread: Float32Array
}

async function pullMoves(
  {program, memory}: BoundTools,
  item: KinkInstruction,
  open: readonly OpenPoint[],
  bounds: Deviations,
  radius: Float64Array,
  before: readonly LayerMoves[],
  room: Room,
  take: (member: OpenPoint, found: Together) => void,
): Promise<void> {
  const secants = before.map((layer) => layer.secants)
  const spread = before.map((layer) => layer.spread)
  for (const {grid, members} of gridsOf(item, open, memory)) {
    const scales = Float32Array.from(members, (member) => scaleOf(member, bounds, radius))
    const grams = await rowGrams(program, grid, secants, spread, scales)
    members.forEach((member, p) => {
      const n = member.units.length
      take(member, movesTogether(room, n, grams, p, grid.rowsPerPoint, scales[p]!))
    })
  }
}

/** With each unit scaled to a row of length 1, all of a layer together move by no more than its reach. */
function movesOfBalls(
  reach: number,
  scale: Float64Array | undefined,
  {units}: KinkInstruction,
  member: OpenPoint,
  room: Room,
): Together {
  const moves = Float64Array.from(member.units, (at) => {
    return (scale?.[at % units] ?? 1) * reach * (1 + room.rows)
  })
  return {moves, alone: moves}
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
function gridsOf(item: KinkInstruction, open: readonly OpenPoint[], memory: number) {
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
  readonly alone: Float64Array
  /**
   * Changes are R v with v no longer than the input's move. R R' with each row scaled to length 1 and a margin for
   * rounding, `[n x n]`, and the lengths; only the lower triangle is there. Undefined where no rows are known.
   */
  readonly angles?: Float64Array
  readonly lengths?: Float64Array
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
  const weights = weightsOf(n, grams, start, size)
  const angles = new Float64Array(n * n)
  const lengths = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    let square = 0
    grams.forEach((values, part) => {
      square += weights[part]! * (values[start + i * (size + 1)]! + underflow)
    })
    lengths[i] = Math.sqrt(square)
  }
  const margin = n * (2 * room.rows + room.products)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const at = start + i * size + j
      let product = 0
      for (let part = 0; part < grams.length; part++) product += weights[part]! * grams[part]![at]!
      angles[i * n + j] = product / (lengths[i]! * lengths[j]!)
    }
    angles[i * n + i] = 1 + margin
  }
  for (let i = 0; i < n; i++) lengths[i]! *= (1 + room.rows) / scale
  const most = Math.sqrt(largestEigenvalue(angles, n))
  const own = Math.sqrt(1 + margin)
  return {
    moves: lengths.map((length) => length * most),
    alone: lengths.map((length) => length * own),
    angles,
    lengths,
  }
}

/**
 * 1 / a^2 for each part. The a are best where each squared is as the norm of its part, with rows that are made about as
 * long as each other; any are allowed.
 */
function weightsOf(n: number, grams: readonly Float32Array[], start: number, size: number) {
  if (grams.length === 1) return [1]
  const own = new Float64Array(n)
  for (const values of grams) for (let i = 0; i < n; i++) own[i]! += values[start + i * (size + 1)]!
  const norms = grams.map((values) => {
    let squares = 0
    for (let i = 0; i < n; i++) {
      let row = 0
      for (let j = 0; j <= i; j++) {
        const product = values[start + i * size + j]!
        if (product !== 0) row += ((j < i ? 2 : 1) * product ** 2) / own[j]!
      }
      if (row > 0) squares += row / own[i]!
    }
    return squares ** (1 / 4)
  })
  const sum = norms.reduce((a, b) => a + b, 0)
  // No part at all: the units do not move.
  return norms.map((norm) => (sum === 0 ? 1 : norm > 0 ? sum / norm : 0))
}

function piecesOf(
  kinks: KinkAtPoints,
  bounds: Deviations,
  units: readonly number[],
  {moves, angles, lengths}: Together,
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
  const gram = once(() => {
    if (!(angles && lengths)) return undefined
    const n = units.length
    const reach = lengths.map((length) => length * radius * (1 + 1e-9))
    return angles.map((angle, at) => angle * reach[Math.floor(at / n)]! * reach[at % n]!)
  })
  const known = new Map<number, number>()
  return (dimension) => {
    const most = Math.min(dimension, units.length)
    const before = known.get(most)
    if (before !== undefined) return before
    let found = subsets(most)
    const products = found <= setsOneByOne ? gram() : undefined
    if (products) {
      const sets = countFeasibleSets(products, reaches, most, 2 ** setsOneByOne)
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
