import {isZero, type Row, steepness} from './row.js'

export type Corner = readonly [number, number]
/** A convex polygon; its corners run anticlockwise. */
export type Polygon = readonly Corner[]

/** The square from -1 to 1 in both coordinates. */
export const unitSquare: Polygon = [
  [-1, -1],
  [1, -1],
  [1, 1],
  [-1, 1],
]

/** Value of an affine function at a corner. */
export function valueAt(row: Row, [x, y]: Corner): number {
  return row[0]! + row[1]! * x + row[2]! * y
}

/**
 * How a line cuts a polygon: 1 or -1 where the row is >= 0 or <= 0 on all of it, 0 where it is zero throughout,
 * undefined where both sides are wider than `room` and the row's noise.
 */
export function sideOf(
  polygon: Polygon,
  row: Row,
  noise: number,
  room: number,
): 1 | 0 | -1 | undefined {
  if (isZero(row, noise)) return 0
  const [low, high] = extent(polygon, row)
  const limit = room * steepness(row) + noise
  if (low < -limit && high > limit) return undefined
  return high > -low ? 1 : -1
}

function extent(polygon: Polygon, row: Row): [low: number, high: number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const corner of polygon) {
    const value = valueAt(row, corner)
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  return [low, high]
}

/** The part of a polygon where the row is >= 0; corners as near to the line as that are on it. */
export function clip(polygon: Polygon, row: Row, noise: number, room: number): Polygon {
  const limit = room * steepness(row) + noise
  const values = polygon.map((corner) => {
    const value = valueAt(row, corner)
    return Math.abs(value) <= limit ? 0 : value
  })
  return polygon.flatMap((corner, i) => {
    const next = (i + 1) % polygon.length
    const [here, there] = [values[i]!, values[next]!]
    const kept: Corner[] = here >= 0 ? [corner] : []
    if (here * there < 0) kept.push(between(corner, polygon[next]!, here / (here - there)))
    return kept
  })
}

function between([ax, ay]: Corner, [bx, by]: Corner, t: number): Corner {
  return [ax + t * (bx - ax), ay + t * (by - ay)]
}

/** Distance from the origin to a polygon; 0 inside. */
export function distanceToOrigin(polygon: Polygon): number {
  const edges = polygon.map((corner, i) => [corner, polygon[(i + 1) % polygon.length]!] as const)
  if (edges.every(([[ax, ay], [bx, by]]) => ax * by - ay * bx >= 0)) return 0
  return Math.min(...edges.map(([a, b]) => distanceToEdge(a, b)))
}

function distanceToEdge(a: Corner, b: Corner): number {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]]
  const squared = dx * dx + dy * dy
  const t = squared === 0 ? 0 : -(a[0] * dx + a[1] * dy) / squared
  return Math.hypot(...between(a, b, Math.max(0, Math.min(1, t))))
}
