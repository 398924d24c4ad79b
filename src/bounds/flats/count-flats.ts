import {borrow, giveBack} from '../../common/spare-arrays.js'
import type {Forward} from '../../forward/forward.js'
import type {Deviations, KinkAtPoints, Secants} from '../../kinks/kink.js'
import type {KinkInstruction} from '../../program/program.js'
import type {BoundTools, LayerBounds} from '../bound-layers.js'
import {borrowedCopy} from '../deviations.js'
import {firstLayerGram} from './first-layer.js'
import {firstLayerPieces, firstLayerUnits} from './first-layer-pieces.js'
import {movesTogether, type Room, roomFor, type Together} from './moves.js'
import {gridsOf, type OpenPoint, openUnits} from './open-points.js'
import {type Pieces, piecesOf, reachesOf} from './pieces.js'
import {rowGrams} from './row-grams.js'
import {type Spread, spreadOf} from './spread.js'

/** Most unstable units of a point and layer whose rows are multiplied with each other. */
const mostRows = 256

/**
 * Counts, for each kinked layer and point, the sets of unstable units that can be zero together in the ball:
 * no more pieces can there be, since hyperplanes cut a convex set into at most as many pieces as there are sets of
 * them that meet inside it (Zaslavsky). See docs/method.md for the proof that sets are not missed.
 *
 * @param local whether rows are pulled back at every point to see how its units move together; else that is known of
 *   the first layer alone, and of the others what balls say of the network as a whole
 * @param read takes the arrays that counting pieces goes on reading, to give back when all is counted
 * @returns `[layer][point]`; undefined where nothing is known beyond the number of unstable units: a maximum, or fewer
 *   than two unstable units
 */
export async function countFlats(
  tools: BoundTools,
  forward: Forward,
  radius: Float64Array,
  {deviations}: LayerBounds,
  local: boolean,
  read: Float32Array[] = [],
): Promise<(Pieces | undefined)[][]> {
  const {program} = tools
  const {count} = forward.points
  const before: LayerMoves[] = []
  const pieces: (Pieces | undefined)[][] = []
  const last = program.kinks.length - 1
  const room = roomFor(program, forward.roundoff)
  for (const item of program.kinks) {
    const kinks = forward.kinks[item.layer]!
    const known = deviations[item.layer]!
    const bounds = borrowedCopy(known)
    const own = new Array<Pieces | undefined>(count)
    pieces.push(own)
    const moves = borrow(count * item.units).fill(0)
    // What a single unit does matters to the layers after it.
    const least = local && item.layer < last ? 1 : 2
    const open = openUnits(kinks, known, count).filter(({units}) => units.length >= least)
    const take = (member: OpenPoint, found: Together) => {
      narrow(bounds, moves, kinks, radius, member, found)
      const reaches = reachesOf(kinks, bounds, member.units)
      own[member.point] = piecesOf(reaches, found, radius[member.point]!)
    }
    const whole = item.layer === 0 ? await firstLayerGram(program) : undefined
    const fitting = open.filter(fits)
    if (whole) {
      for (const member of fitting) {
        const {point, units} = member
        const found = firstLayerUnits(forward, point, units, whole, room)
        narrow(bounds, moves, kinks, radius, member, found.together)
        const reaches = reachesOf(kinks, bounds, units)
        own[point] = firstLayerPieces(found, reaches, radius[point]!)
      }
    } else if (local) {
      await pullMoves(tools, item, fitting, bounds, radius, before, room, read, take)
    }
    // What balls say holds for any number of units.
    const byBalls = local ? [] : whole ? open.filter((member) => !fits(member)) : open
    if (byBalls.length > 0) {
      const balls = await tools.balls('normalised')
      const reach = await balls.reach(item.input)
      const scale = balls.scales[item.input]
      for (const member of byBalls) take(member, movesOfBalls(reach, scale, item, member, room))
    }
    if (local && item.layer < last) {
      kinks.narrow(bounds, known)
      const secants = kinks.secants(bounds)
      before.push({secants, spread: spreadOf(secants, kinks.openPlaces(bounds), moves, radius)})
    }
    giveBack(bounds.below, bounds.above, moves)
  }
  for (const {secants} of before) giveBack(secants.slope, secants.halfWidth, secants.gap)
  return pieces
}

const fits = ({units}: OpenPoint) => units.length <= mostRows

/** Takes over how the units of a point move: bounds of units that move less come closer. */
function narrow(
  {below, above}: Deviations,
  moves: Float32Array,
  {rounding}: KinkAtPoints,
  radius: Float64Array,
  {point, units}: OpenPoint,
  found: Together,
): void {
  const reach = radius[point]!
  for (let i = 0; i < units.length; i++) {
    const at = units[i]!
    moves[at] = found.moves[i]!
    const alone = found.alone[i]! * reach + rounding[at]!
    if (alone < below[at]!) below[at] = alone
    if (alone < above[at]!) above[at] = alone
  }
}

/** How the units of a layer move, for the layers after it. */
interface LayerMoves {
  readonly secants: Secants
  readonly spread: Spread
}

async function pullMoves(
  {program, memory}: BoundTools,
  item: KinkInstruction,
  open: readonly OpenPoint[],
  bounds: Deviations,
  radius: Float64Array,
  before: readonly LayerMoves[],
  room: Room,
  read: Float32Array[],
  take: (member: OpenPoint, found: Together) => void,
): Promise<void> {
  const secants = before.map((layer) => layer.secants)
  const spread = before.map((layer) => layer.spread)
  for (const {grid, members} of gridsOf(item, open, memory)) {
    const scales = scalesOf(members, bounds, radius)
    const filled = members.map(({units}) => units.length)
    const parts = await rowGrams(program, grid, secants, spread, scales, filled)
    read.push(...parts)
    const stride = grid.rowsPerPoint
    for (let p = 0; p < members.length; p++) {
      const grams = {parts, start: p * stride * stride, stride, scale: scales[p]!}
      take(members[p]!, movesTogether(room, filled[p]!, grams))
    }
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
  const moves = new Float64Array(member.units)
  for (let k = 0; k < moves.length; k++) {
    moves[k] = (scale ? scale[moves[k]! % units]! : 1) * reach * (1 + room.rows)
  }
  return {moves, alone: moves}
}

/** About how fast each point's units move, as a power of 2, the other way up: rows times this are of size 1. */
function scalesOf(
  members: readonly OpenPoint[],
  {below}: Deviations,
  radius: Float64Array,
): Float32Array {
  const scales = new Float32Array(members.length)
  for (let p = 0; p < scales.length; p++) {
    const {point, units} = members[p]!
    let most = 0
    for (const at of units) most = Math.max(most, below[at]!)
    const exponent = Math.round(Math.log2(most / radius[point]!))
    scales[p] = 2 ** -Math.max(-100, Math.min(100, exponent || 0))
  }
  return scales
}
