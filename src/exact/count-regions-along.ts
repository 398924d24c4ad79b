import {inputShapeOf, type Network} from '../network.js'
import {inputValues} from './affine-values.js'
import {type HostProgram, withHostProgram} from './host-program.js'
import {type PointLike, readPoint} from './read-point.js'
import {type Region, regionAround, regionBeyond} from './region.js'
import {normalised, type Row} from './row.js'
import {sameKink} from './tolerance.js'

/** What lies on a segment. */
export interface RegionsAlong {
  /** Number of linear regions that the open segment passes through. */
  readonly regions: number
  /** Where it leaves one for the next: parameters in (0, 1), rising, 0 at `from` and 1 at `to`. */
  readonly kinks: Float64Array
}

/**
 * The exact number of linear regions on the segment between two points, and where they meet.
 *
 * The segment is walked piece by piece in float64: inside a region every number of the network is an affine
 * function c + s t of the parameter, and the region ends at the least t at which a unit leaves its piece. All
 * units that change there change at once; kinks nearer to each other than 1e-12 of the segment count as one.
 * A network's regions are convex, so that no region is met twice.
 *
 * @param from one point: a tensor or arrays of the input shape, or flattened
 * @param to the other end
 * @throws RangeError for points of another shape; NonFiniteError where points or weights are NaN or infinite
 *
 * ```ts
 * const {regions, kinks} = await countRegionsAlong(readNetwork(model), [-1, 0], [1, 0])
 * kinks.length  //-> regions - 1
 * ```
 */
export async function countRegionsAlong(
  network: Network,
  from: PointLike,
  to: PointLike,
): Promise<RegionsAlong> {
  const start = await readPoint('from', from, inputShapeOf(network))
  const end = await readPoint('to', to, inputShapeOf(network))
  const input = inputValues(start, [end.map((v, i) => v - start[i]!)])
  return withHostProgram(network, (program) => {
    const kinks = Float64Array.from(walk(program, regionAround(program, input, sameKink)))
    return {regions: kinks.length + 1, kinks}
  })
}

/** The parameters at which one region ends and the next begins. */
function* walk(program: HostProgram, first: Region): Generator<number> {
  let region = first
  let at = 0
  for (;;) {
    const end = endOf(region, at)
    if (!end) return
    at = end.at
    region = regionBeyond(program, region, end.facet, sameKink)
    yield at
  }
}

/** The first place beyond `after` where a side of the region becomes 0; undefined if that is past the segment. */
function endOf(region: Region, after: number): {at: number; facet: Row} | undefined {
  let at = 1 - sameKink
  let end: Row | undefined
  for (const {sides} of region.layers) {
    for (const {row} of sides) {
      const [constant, slope] = row as [number, number]
      const zero = -constant / slope
      if (slope < 0 && zero > after + sameKink && zero < at) {
        at = zero
        end = row
      }
    }
  }
  return end && {at, facet: normalised(end)!}
}
