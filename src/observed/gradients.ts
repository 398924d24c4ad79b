import type {KinkAtPoints, Lines} from '../kinks/kink.js'
import type {Program} from '../program/program.js'
import {pullGradients} from '../pull/pull-back.js'
import type {WantedRow} from '../pull/row-grids.js'

/**
 * Gradients of signed forms of one layer, each at a point of its own.
 *
 * @param kinks which numbers the forms read
 * @param where for each row the point whose tangents are taken
 * @param tangents per kinked layer, `[points x units]`
 * @returns `[rows x input size]`
 */
export function gradientsOf(
  program: Program,
  layer: number,
  kinks: KinkAtPoints,
  rows: readonly WantedRow[],
  where: ArrayLike<number>,
  tangents: readonly Lines[],
): Promise<Float32Array> {
  const second = Int32Array.from(rows, ({at}) => kinks.second(at))
  const grid = {
    layer,
    points: Int32Array.from(where),
    first: Int32Array.from(rows, ({at}) => kinks.first(at)),
    second: second.some((number) => number >= 0) ? second : undefined,
    signs: Float32Array.from(rows, ({sign}) => sign),
    rowsPerPoint: 1,
  }
  return pullGradients(program, grid, tangents)
}
