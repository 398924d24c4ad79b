import {type BoundTools, boundLayers} from '../bounds/bound-layers.js'
import {layerCounts} from '../bounds/count-regions.js'
import {countFlats} from '../bounds/flats/index.js'
import {log2Regions} from '../bounds/log2-regions.js'
import {pointsAtOnce} from '../chunks.js'
import {runForward} from '../forward/forward.js'
import type {Counting} from '../options.js'
import type {Points} from '../points.js'
import {findBottlenecks} from '../program/bottlenecks.js'
import type {BallCell, Cut} from './ball-cells.js'
import {bestCuts} from './best-cuts.js'
import {decidedBounds} from './decided-bounds.js'
import {placeCells} from './place-cells.js'

/** A cell with where to split it next. */
export interface SplittableCell {
  readonly cell: BallCell
  /** Undefined where nothing is left to split. */
  readonly cut: Cut | undefined
}

/** Bounds cells, many at once: log2 of the regions in each. */
export type BoundCells = (
  cells: readonly BallCell[],
) => Promise<{readonly cell: SplittableCell; readonly log2: number}[]>

/**
 * Bounds cells of balls around some points as balls are bounded, on the backend and many at once: each by the ball that it
 * lies within, with the units that are decided on it. The network is measured by `combined`.
 */
export function cellBounds(
  tools: BoundTools,
  points: Points,
  radius: Float64Array,
  roundoff: number,
  counting: Counting,
): BoundCells {
  const {program, memory} = tools
  const bottlenecks = findBottlenecks(program)
  const boundSome = async (cells: readonly BallCell[]) => {
    const placed = placeCells(points, radius, cells)
    const forward = await runForward(program, placed.points, roundoff, memory)
    const known = decidedBounds(program, forward, cells)
    const bounds = await boundLayers(tools, forward, placed.radius, 'combined', known, false)
    const flats =
      counting === 'flats'
        ? await countFlats(tools, forward, placed.radius, bounds, true)
        : undefined
    const cuts = await bestCuts(program, forward, bounds, cells, placed)
    return cells.map((cell, k) => {
      const layers = layerCounts(program, forward, bounds, flats, bottlenecks, k)
      return {cell: {cell, cut: cuts[k]}, log2: log2Regions(layers, program.inputSize)}
    })
  }
  return async (cells) => {
    const found: Awaited<ReturnType<BoundCells>> = []
    const most = pointsAtOnce(program, memory)
    for (let start = 0; start < cells.length; start += most) {
      found.push(...(await boundSome(cells.slice(start, start + most))))
    }
    return found
  }
}
