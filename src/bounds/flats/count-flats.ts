import {borrow, giveBack} from '../../common/spare-arrays.js'
import type {Forward} from '../../forward/forward.js'
import type {Deviations, KinkAtPoints, Secants} from '../../kinks/kink.js'
import type {KinkInstruction} from '../../program/program.js'
import type {BoundTools, LayerBounds} from '../bound-layers.js'
import {borrowedCopy} from '../deviations.js'
import {byKink} from './at-kink.js'
import {firstLayerGram} from './first-layer.js'
import {firstLayerPieces, firstLayerUnits} from './first-layer-pieces.js'
import {movesTogether, type Room, roomFor, type Together} from './moves.js'
import {gridsOf, inParts, type OpenPart, type OpenPoint, openUnits} from './open-points.js'
import {type Pieces, piecesOf, reachesOf} from './pieces.js'
import {rowGrams} from './row-grams.js'
import {type Spread, spreadOf} from './spread.js'

/** The work for units that are taken together grows with their cube. */
const mostRows = 256

/**
 * Counts, for each kinked layer and point, the sets of unstable units that can be zero together in the ball:
 * no more pieces can there be, since hyperplanes cut a convex set into at most as many pieces as there are sets of
 * them that meet inside it (Zaslavsky). See docs/method.md for the proof that sets are not missed.
 *
 * @param local whether rows are pulled back at every point to see how its units move together; else that is known of
 *   the first layer alone, and of the others what balls say of the network as a whole
 * @param read takes the arrays that counting pieces goes on reading, to give back when all is counted
 * @param most units whose rows are multiplied with each other: more are taken in parts, a set of which meets only where
 *   it meets in each
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
  most = mostRows,
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
    const take = (part: OpenPart, found: Together, piecesOnBall = piecesOf) => {
      narrow(bounds, moves, kinks, radius, part, found)
      const reaches = reachesOf(kinks, bounds, part.units)
      const pieces = piecesOnBall(reaches, found, radius[part.point]!)
      own[part.point] = together(own[part.point], pieces)
    }
    const partsOf = (member: OpenPoint): readonly OpenPart[] => {
      if (member.units.length <= most) return inParts(member, most)
      const {atKink, others} = byKink(reachesOf(kinks, bounds, member.units), member)
      own[member.point] = atKink
      return inParts(others, most)
    }
    const whole = item.layer === 0 ? await firstLayerGram(program) : undefined
    if (whole) {
      for (const part of open.flatMap(partsOf)) {
        const found = firstLayerUnits(forward, part.point, part.units, whole, room)
        take(part, found.together, (reaches, _, reach) => firstLayerPieces(found, reaches, reach))
      }
    } else if (local) {
      await pullMoves(tools, item, open.flatMap(partsOf), bounds, radius, before, room, read, take)
    }
    // What balls say holds for any number of units together.
    const byBalls = local ? [] : whole ? open.filter(({units}) => units.length > most) : open
    if (byBalls.length > 0) {
      const balls = await tools.balls('normalised')
      const reach = await balls.reach(item.input)
      const scale = balls.scales[item.input]
      for (const member of byBalls) {
        const found = movesOfBalls(reach, scale, item, member, room)
        narrow(bounds, moves, kinks, radius, {...member, parts: 1}, found)
        const reaches = reachesOf(kinks, bounds, member.units)
        const pieces = piecesOf(reaches, found, radius[member.point]!)
        own[member.point] = fewer(own[member.point], pieces)
      }
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

/** A set of units that meets is a set that meets in each part. */
function together(others: Pieces | undefined, own: Pieces): Pieces {
  return others ? (dimension) => others(dimension) + own(dimension) : own
}

/** Either holds. */
function fewer(others: Pieces | undefined, own: Pieces): Pieces {
  return others ? (dimension) => Math.min(others(dimension), own(dimension)) : own
}

/**
 * Takes over how the units of a part move: bounds of units that move less come closer. Each of the parts may move by
 * as much as the input does, all of them together by the root of their number more.
 */
function narrow(
  {below, above}: Deviations,
  moves: Float32Array,
  {rounding}: KinkAtPoints,
  radius: Float64Array,
  {point, units, parts}: OpenPart,
  found: Together,
): void {
  const reach = radius[point]!
  const all = Math.sqrt(parts)
  for (let i = 0; i < units.length; i++) {
    const at = units[i]!
    moves[at] = found.moves[i]! * all
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

/** Sets are looked at one by one where they are few, which they are not of units that are taken in parts. */
const isWhole = ({parts}: OpenPart) => parts === 1

async function pullMoves(
  {program, memory}: BoundTools,
  item: KinkInstruction,
  open: readonly OpenPart[],
  bounds: Deviations,
  radius: Float64Array,
  before: readonly LayerMoves[],
  room: Room,
  read: Float32Array[],
  take: (part: OpenPart, found: Together) => void,
): Promise<void> {
  const secants = before.map((layer) => layer.secants)
  const spread = before.map((layer) => layer.spread)
  const wholes = gridsOf(item, open.filter(isWhole), memory)
  const split = gridsOf(
    item,
    open.filter((part) => !isWhole(part)),
    memory,
  )
  for (const {grid, members} of [...wholes, ...split]) {
    const scales = scalesOf(members, bounds, radius)
    const filled = members.map(({units}) => units.length)
    const parts = await rowGrams(program, grid, secants, spread, scales, filled)
    const stride = grid.rowsPerPoint
    for (let p = 0; p < members.length; p++) {
      const grams = {parts, start: p * stride * stride, stride, scale: scales[p]!}
      const found = movesTogether(room, filled[p]!, grams)
      take(members[p]!, isWhole(members[p]!) ? found : {moves: found.moves, alone: found.alone})
    }
    if (isWhole(members[0]!)) read.push(...parts)
    else giveBack(...parts)
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
