import {tensor3d, tidy} from '@tensorflow/tfjs'
import type {Lines} from '../../kinks/kink.js'
import type {KinkInstruction, Program} from '../../program.js'
import type {RowGrid} from '../../pull-back.js'
import type {Plan} from '../../windows/plan.js'
import type {WindowRows} from '../../windows/rows.js'
import {sweepWindows, together} from '../../windows/sweep-windows.js'
import {unitsAt} from '../../windows/units.js'
import {type ImageShape, imageSize} from '../../windows/window.js'
import {asImages, multipliesWindows, weighted, windowGrams} from '../../windows/window-grams.js'
import {gramsOf} from './grams-of.js'

/**
 * As `rowGrams`, for rows that are windows all the way to the input.
 *
 * @param lines per kinked layer, those of the secants
 */
export async function gramsOfWindows(
  program: Program,
  plan: Plan,
  {layer, points, rowsPerPoint, first, signs}: RowGrid,
  lines: readonly Lines[],
  spread: readonly Float32Array[],
  scales: Float32Array,
  filled?: readonly number[],
): Promise<Float32Array[]> {
  const ofRows = first.map((_, row) => points[Math.floor(row / rowsPerPoint)]!)
  const units = unitsAt(plan, ofRows, first, signs)
  const stacked = {places: units, rowsPerPoint, filled}
  const found: Promise<Float32Array>[] = []
  const grams = async (shape: ImageShape, rows: WindowRows, weights: Float32Array | undefined) => {
    const own = weighted(rows, units, shape, weights, scales)
    if (multipliesWindows(own, shape)) return windowGrams(own, stacked, shape)
    const products = tidy(() =>
      gramsOf(
        tensor3d(asImages(own, units, shape), [points.length, rowsPerPoint, imageSize(shape)]),
      ),
    )
    const values = (await products.data()) as Float32Array
    products.dispose()
    return values
  }
  const tap = (
    {layer: before, units: size}: KinkInstruction,
    rows: WindowRows,
    shape: ImageShape,
  ) => {
    const weights = spread[before]!
    const matters = points.some((point) =>
      weights.subarray(point * size, (point + 1) * size).some((weight) => weight !== 0),
    )
    if (matters) found.push(grams(shape, rows, weights))
  }
  const {rows} = await sweepWindows(program, layer, plan, units, lines, {tap})
  const atInput = plan.windows.get(0)!
  const values = together(rows.get(0) ?? [], units, atInput, plan.shapes[0]!)
  return Promise.all([grams(plan.shapes[0]!, {values, window: atInput}, undefined), ...found])
}
