import {difference, type Network64, onward, type Passed, type Row} from './network64.js'

type Corner = readonly [number, number]
/** A convex cell on which the values so far are affine, as functions of (x - center). */
interface Cell {
  readonly corners: readonly Corner[]
  readonly values: readonly (readonly Row[])[]
  /** Per kinked layer so far: which piece each unit lies on, or which unit of each group is the largest. */
  readonly won: readonly (readonly number[])[]
}

/** How many activation regions meet the open disc around `center`, for two inputs. */
export function countRegions2d(network: Network64, center: readonly number[], radius: number) {
  return regions2d(network, center, radius).length
}

/**
 * The activation regions that meet the open disc around `center`, for two inputs: a square around the
 * disc is cut by the lines of one unit after the other, and the cells that reach into the disc are kept.
 *
 * @returns for each region and kinked layer the piece that each unit lies on
 */
export function regions2d(
  network: Network64,
  center: readonly number[],
  radius: number,
): Cell['won'][] {
  // A square larger than the disc, so that its sides never decide.
  const reach = 1.5 * radius
  const square: Corner[] = [
    [-reach, -reach],
    [reach, -reach],
    [reach, reach],
    [-reach, reach],
  ]
  const input = center.map((v, i) => Float64Array.of(v, i === 0 ? 1 : 0, i === 1 ? 1 : 0))
  let cells: Cell[] = [{corners: square, values: [input], won: []}]
  for (const {inputs, piece} of network) {
    cells = cells.flatMap(({corners, values, won}) => {
      const read = inputs.flatMap((value) => values[value]!)
      if (piece.kind === 'affine') return [{corners, values: [...values, piece.apply(read)], won}]
      return cut(corners, piece, read, radius).map((part) => ({
        corners: part.corners,
        values: [...values, onward(piece, read, part.won)],
        won: [...won, part.won],
      }))
    })
  }
  return cells.map(({won}) => won)
}

interface Part {
  readonly corners: readonly Corner[]
  readonly won: readonly number[]
}

/** The parts of a cell on which every unit stays on one piece. */
function cut(
  corners: readonly Corner[],
  piece: Passed['piece'],
  read: readonly Row[],
  radius: number,
): Part[] {
  let parts: Part[] = [{corners, won: []}]
  const units = piece.kind === 'kink' ? read.length : piece.groups.length
  for (let unit = 0; unit < units; unit++) {
    parts = parts.flatMap((part) => {
      const choices =
        piece.kind === 'kink'
          ? betweenThresholds(part.corners, read[unit]!, piece.bends(unit).thresholds)
          : wonBy(part.corners, read, piece.groups[unit]!)
      const met = choices.filter((choice) => meetsDisc(choice.corners, radius))
      // What rounding leaves of a line along an edge is a sliver: the largest choice is then all of it.
      const kept = met.length > 0 ? met : [largest(choices)]
      return kept.map((choice) => ({
        corners: met.length > 0 ? choice.corners : part.corners,
        won: [...part.won, choice.won],
      }))
    })
  }
  return parts
}

interface Choice {
  readonly corners: readonly Corner[]
  readonly won: number
}

/** The parts where the row lies below all thresholds, between the first two, and so on. */
function betweenThresholds(
  corners: readonly Corner[],
  row: Row,
  thresholds: readonly number[],
): Choice[] {
  const above = (t: number) => row.map((v, c) => (c === 0 ? v - t : v))
  return [...thresholds, Infinity].map((upper, won) => {
    const lower = thresholds[won - 1]
    const left = lower === undefined ? corners : clip(corners, above(lower), 1)
    return {won, corners: upper === Infinity ? left : clip(left, above(upper), -1)}
  })
}

/** The parts where each unit of the group is the largest; of equal ones the first. */
function wonBy(corners: readonly Corner[], read: readonly Row[], group: readonly number[]) {
  return group.map((won, k) => {
    let part = corners
    group.forEach((rival, other) => {
      if (rival === won) return
      const lead = difference(read[won]!, read[rival]!)
      if (lead.every((v) => v === 0)) part = k < other ? part : []
      else part = clip(part, lead, 1)
    })
    return {won, corners: part}
  })
}

const value = ([c, a, b]: Row, [x, y]: Corner) => c! + a! * x + b! * y

/** The part of a convex polygon where side * row >= 0; where row is 0 throughout, it counts as below 0. */
function clip(corners: readonly Corner[], row: Row, side: number): Corner[] {
  if (row.every((v) => v === 0)) return side < 0 ? [...corners] : []
  const kept: Corner[] = []
  corners.forEach((corner, i) => {
    const next = corners[(i + 1) % corners.length]!
    const [here, there] = [side * value(row, corner), side * value(row, next)]
    if (here >= 0) kept.push(corner)
    if (here * there < 0) {
      const t = here / (here - there)
      kept.push([corner[0] + t * (next[0] - corner[0]), corner[1] + t * (next[1] - corner[1])])
    }
  })
  return kept
}

/** Whether a convex polygon has an inner point nearer than `radius` to the origin. */
function meetsDisc(corners: readonly Corner[], radius: number): boolean {
  if (area(corners) < 1e-13 * radius ** 2) return false
  const sides = corners.map((corner, i) => cross(corner, corners[(i + 1) % corners.length]!))
  if (sides.every((s) => s >= 0)) return true
  return corners.some(
    (corner, i) => distanceToSegment(corner, corners[(i + 1) % corners.length]!) < radius,
  )
}

const largest = (choices: readonly Choice[]) =>
  choices.reduce((a, b) => (area(b.corners) > area(a.corners) ? b : a))

const cross = ([ax, ay]: Corner, [bx, by]: Corner) => ax * by - ay * bx

function area(corners: readonly Corner[]): number {
  const twice = corners.map((corner, i) => cross(corner, corners[(i + 1) % corners.length]!))
  return twice.reduce((a, b) => a + b, 0) / 2
}

/** Distance from the origin to a segment. */
function distanceToSegment([ax, ay]: Corner, [bx, by]: Corner): number {
  const [dx, dy] = [bx - ax, by - ay]
  const length = dx * dx + dy * dy
  const t = length === 0 ? 0 : Math.max(0, Math.min(1, -(ax * dx + ay * dy) / length))
  return Math.hypot(ax + t * dx, ay + t * dy)
}
