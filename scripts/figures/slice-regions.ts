import * as tf from '@tensorflow/tfjs'
import {regionPolygons, restrictToPlane} from '../../src/exact/index.js'
import {readNetwork} from '../../src/read-network.js'
import {silenceGreeting} from '../backends/quiet.js'
import type {SlicePoint} from '../experiments/slice-points.js'
import {loadModel} from '../load-model.js'

export type {SlicePoint} from '../experiments/slice-points.js'

/** The regions of a plane within a square, as shapes to draw. */
export interface Slice {
  /** One GeoJSON feature a colour. Coordinates are whole numbers from 0 to `size`. */
  readonly features: readonly object[]
  /** Where the three points are. */
  readonly corners: readonly (readonly [x: number, y: number])[]
  readonly size: number
  /** Side of the square in input units. */
  readonly side: number
  readonly count: number
  readonly complete: boolean
}

/** A fifth of a pixel: finer is not seen, and makes figures large. */
const size = 1000
/** Patterns are told apart by so many colours, and by the lines between them. */
const palette = 20
const most = 50_000

/**
 * The exact linear regions of a saved network in the plane through three points, in a square about them.
 *
 * @param path folder of the saved model
 * @param points three, not on one line
 */
export async function regionsOfSlice(path: string, points: readonly SlicePoint[]): Promise<Slice> {
  await tf.ready()
  silenceGreeting()
  const plane = planeThrough(points.map(({pixels}) => Float64Array.from(pixels)))
  const model = await loadModel(path)
  try {
    const {origin, u, v, square, corners} = plane
    const restricted = await restrictToPlane(readNetwork(model), [...origin], [...u], [...v])
    const {polygons, complete} = await regionPolygons(restricted, square, {limit: most})
    const toPicture = (x: number, y: number): [number, number] => [
      Math.round((size * (x - square.x[0])) / plane.side),
      Math.round((size * (y - square.y[0])) / plane.side),
    ]
    const byColour = new Map<number, [number, number][][][]>()
    for (const {corners: ring, pattern} of polygons) {
      const drawn = closedRing(ring, toPicture)
      if (!drawn) continue
      const colour = colourOf(pattern)
      byColour.set(colour, [...(byColour.get(colour) ?? []), [drawn]])
    }
    return {
      features: [...byColour]
        .sort(([a], [b]) => a - b)
        .map(([colour, coordinates]) => ({
          type: 'Feature',
          properties: {colour},
          geometry: {type: 'MultiPolygon', coordinates},
        })),
      corners: corners.map(([x, y]) => toPicture(x, y)),
      size,
      side: plane.side,
      count: polygons.length,
      complete,
    }
  } finally {
    model.dispose()
  }
}

/** An orthonormal basis of the plane, with the first point at its origin, and a square about all three. */
function planeThrough([a, b, c]: readonly Float64Array[]) {
  const [ab, ac] = [minus(b!, a!), minus(c!, a!)]
  const length = Math.hypot(...ab)
  const u = ab.map((value) => value / length)
  const along = dot(ac, u)
  const rest = ac.map((value, index) => value - along * u[index]!)
  const height = Math.hypot(...rest)
  const v = rest.map((value) => value / height)
  const corners: readonly [number, number][] = [
    [0, 0],
    [length, 0],
    [along, height],
  ]
  const middle = (values: readonly number[]) => (Math.min(...values) + Math.max(...values)) / 2
  const extent = (values: readonly number[]) => Math.max(...values) - Math.min(...values)
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)]
  const side = 1.15 * Math.max(extent(xs), extent(ys))
  const about = (center: number) => [center - side / 2, center + side / 2] as const
  return {origin: a!, u, v, corners, side, square: {x: about(middle(xs)), y: about(middle(ys))}}
}

const minus = (x: Float64Array, y: Float64Array) => x.map((value, index) => value - y[index]!)
const dot = (x: Float64Array, y: Float64Array) =>
  x.reduce((sum, value, index) => sum + value * y[index]!, 0)

/** The corners as a closed ring on the picture's grid; undefined where nothing of it is left. */
function closedRing(
  corners: Float64Array,
  toPicture: (x: number, y: number) => [number, number],
): [number, number][] | undefined {
  const ring: [number, number][] = []
  for (let at = 0; at < corners.length; at += 2) {
    const [x, y] = toPicture(corners[at]!, corners[at + 1]!)
    const last = ring.at(-1)
    if (!last || last[0] !== x || last[1] !== y) ring.push([x, y])
  }
  const [first, last] = [ring[0], ring.at(-1)]
  if (first && last && ring.length > 1 && first[0] === last[0] && first[1] === last[1]) ring.pop()
  return ring.length < 3 ? undefined : [...ring, ring[0]!]
}

/** The same pattern has the same colour in every picture (FNV-1a). */
function colourOf(pattern: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < pattern.length; at++) {
    hash = Math.imul(hash ^ pattern.charCodeAt(at), 0x01000193)
  }
  // The low bits of neighbours are alike.
  return ((hash ^ (hash >>> 15)) >>> 0) % palette
}
