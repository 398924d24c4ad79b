import {inputShapeOf, type Network} from '../network.js'
import {knownOptions} from '../options.js'
import {inputValues} from './affine-values.js'
import {withHostProgram} from './host-program.js'
import {readLimit} from './limit.js'
import {unitSquare} from './polygon.js'
import {splitPolygons} from './split-polygons.js'

/** A rectangle of the plane: the least and the greatest value of either coordinate. */
export interface PlaneBounds {
  readonly x: readonly [low: number, high: number]
  readonly y: readonly [low: number, high: number]
}

/** A linear region within a rectangle: a convex polygon. */
export interface RegionPolygon {
  /** x and y of one corner after the other, anticlockwise. */
  readonly corners: Float64Array
  /**
   * The activation pattern, by which a region is known again: a digit a unit (0 and 1 for off and on, or left and
   * right of the kink; up to 2 with two kinks; the place of the winner for a maximum), layers apart by a space.
   */
  readonly pattern: string
}

/** The polygons within a rectangle, all of them if `complete`. */
export interface RegionPolygons {
  readonly polygons: readonly RegionPolygon[]
  readonly complete: boolean
}

/** Options of `regionPolygons`. */
export interface RegionPolygonsOptions {
  /** Most polygons to make. Default: 100000. */
  readonly limit?: number
}

/**
 * The linear regions of a network of two inputs within a rectangle, as polygons that cover it: for pictures. For
 * a network of more inputs take a slice with `restrictToPlane` first.
 *
 * @returns the polygons, each of another region, and whether these are all
 * @throws RangeError for a network of other than two inputs, an empty rectangle or a wrong limit; NonFiniteError
 *   where weights are NaN or infinite
 *
 * ```ts
 * const {polygons} = await regionPolygons(readNetwork(model), {x: [-1, 1], y: [-1, 1]})
 * ```
 */
export async function regionPolygons(
  network: Network,
  bounds: PlaneBounds,
  options: RegionPolygonsOptions = {},
): Promise<RegionPolygons> {
  const {limit} = knownOptions(options, ['limit'])
  const most = readLimit(limit)
  const [x, y] = [readInterval('x', bounds.x), readInterval('y', bounds.y)]
  const size = inputShapeOf(network).reduce((a, b) => a * b, 1)
  if (size !== 2) {
    throw new RangeError(
      `network: expected two inputs, got ${size}; restrictToPlane makes a slice of two`,
    )
  }
  const input = inputValues(Float64Array.of(x.middle, y.middle), [
    Float64Array.of(x.half, 0),
    Float64Array.of(0, y.half),
  ])
  return withHostProgram(network, (program) => {
    const polygons: RegionPolygon[] = []
    for (const {polygon, pieces} of splitPolygons(program, input, unitSquare)) {
      if (polygons.length === most) return {polygons, complete: false}
      const corners = polygon.flatMap(([a, b]) => [x.middle + x.half * a, y.middle + y.half * b])
      polygons.push({corners: Float64Array.from(corners), pattern: patternText(pieces)})
    }
    return {polygons, complete: true}
  })
}

function readInterval(axis: string, [low, high]: readonly [number, number]) {
  if (!(Number.isFinite(low) && Number.isFinite(high) && low < high)) {
    throw new RangeError(
      `bounds.${axis}: expected two finite numbers in rising order, got ${low} and ${high}`,
    )
  }
  return {middle: (low + high) / 2, half: (high - low) / 2}
}

function patternText(pieces: readonly Int32Array[]): string {
  return pieces.map((layer) => layer.join(layer.some((piece) => piece > 9) ? ',' : '')).join(' ')
}
