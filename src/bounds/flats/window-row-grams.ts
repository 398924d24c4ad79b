import {mul, tensor3d, tidy} from '@tensorflow/tfjs'
import {readOne} from '../../common/read-out.js'
import {borrow} from '../../common/spare-arrays.js'
import type {Lines} from '../../kinks/kink.js'
import type {KinkInstruction, Program} from '../../program/program.js'
import type {RowGrid} from '../../pull/pull-back.js'
import {asRows, entriesOf, entryGrams} from '../../windows/column-grams.js'
import type {Plan} from '../../windows/plan.js'
import type {WindowRows} from '../../windows/rows.js'
import {sweepWindows, together} from '../../windows/sweep-windows.js'
import {unitsAt} from '../../windows/units.js'
import type {ImageShape} from '../../windows/window.js'
import {asImages, multipliesWindows, windowGrams} from '../../windows/window-grams.js'
import {gramsOf} from './grams-of.js'
import {bendsNowhere, type Spread} from './spread.js'

/**
 * As `rowGrams`, for rows that are windows all the way to the input; what it gives may be borrowed.
 *
 * @param lines per kinked layer, those of the secants
 */
export async function gramsOfWindows(
  program: Program,
  plan: Plan,
  {layer, points, rowsPerPoint, first, signs}: RowGrid,
  lines: readonly Lines[],
  spread: readonly Spread[],
  scales: Float32Array,
  filled?: readonly number[],
): Promise<Float32Array[]> {
  const ofRows = new Int32Array(first.length)
  for (let row = 0; row < ofRows.length; row++)
    ofRows[row] = points[Math.floor(row / rowsPerPoint)]!
  const units = unitsAt(plan, ofRows, first, signs)
  const stacked = {places: units, rowsPerPoint, filled}
  const productsOf = async (rows: Float32Array, by?: Float32Array) => {
    const shape: [number, number, number] = [
      points.length,
      rowsPerPoint,
      rows.length / ofRows.length,
    ]
    const products = tidy(() => {
      const own = tensor3d(rows, shape)
      return gramsOf(by ? mul(own, tensor3d(by, [points.length, 1, 1])) : own)
    })
    return readOne(products)
  }
  const found: Promise<Float32Array>[] = []
  const tap = ({layer: before}: KinkInstruction, rows: WindowRows, shape: ImageShape) => {
    const own = spread[before]!
    if (bendsNowhere(own, points)) return
    const entries = entriesOf(rows, stacked, shape, own, scales)
    const grams = multipliesWindows(rows, shape)
      ? Promise.resolve(entryGrams(entries, stacked))
      : productsOf(asRows(entries, mostColumns(own, points)))
    found.push(grams)
  }
  const {rows} = await sweepWindows(program, layer, plan, units, lines, {tap})
  const [window, shape] = [plan.windows.get(0)!, plan.shapes[0]!]
  const atInput = {values: together(rows.get(0) ?? [], units, window, shape), window}
  const whole = multipliesWindows(atInput, shape)
    ? windowGrams(atInput, stacked, shape, scales, borrow(ofRows.length * rowsPerPoint))
    : await productsOf(asImages(atInput, units, shape), scales)
  return [whole, ...(await Promise.all(found))]
}

/** Most columns of one point. */
function mostColumns({starts}: Spread, points: Int32Array): number {
  return points.reduce((most, point) => Math.max(most, starts[point + 1]! - starts[point]!), 0)
}
