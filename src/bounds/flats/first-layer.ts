import {mul, tidy} from '@tensorflow/tfjs'
import {onceFor} from '../../common/once.js'
import {readOne} from '../../common/read-out.js'
import {borrow, giveBack} from '../../common/spare-arrays.js'
import type {KinkInstruction, Program} from '../../program/program.js'
import {type Plan, planOf} from '../../windows/plan.js'
import type {WindowRows} from '../../windows/rows.js'
import {leave, unitsAt} from '../../windows/units.js'
import {sameWindow} from '../../windows/window.js'
import {multipliesWindows, windowGrams} from '../../windows/window-grams.js'
import {gramsOf} from './grams-of.js'

/** Inner products of the rows of a layer's units with each other. */
export interface WholeGram {
  /** Of rows times `scale`: `[units x units]`. */
  readonly values: Float32Array
  readonly scale: number
  readonly units: number
  /** The products of units whose numbers are so far apart, or farther, are 0. */
  readonly reach: number
}

/** Wider layers have their products worked out for the rows that are needed alone. */
const widest = 1024

/** Windows have few products to work out; there is one number for each pair of units all the same. */
const widestOfWindows = 2048

/**
 * The Gram matrix of all units of the first kinked layer, whose rows are the same at all points. It is kept, since it costs as
 * much as a run of as many points as there are units.
 *
 * @returns undefined where the layer is very wide, or more than one affine map lies between it and the input
 */
export const firstLayerGram: (program: Program) => Promise<WholeGram | undefined> = onceFor(
  (program: Program) => gramOf(program, program.kinks[0]),
)

async function gramOf(
  program: Program,
  item: KinkInstruction | undefined,
): Promise<WholeGram | undefined> {
  if (!item) return undefined
  const maker = program.instructions[item.input - 1]
  if (maker?.kind !== 'affine' || maker.inputs.length > 1 || maker.inputs[0] !== 0) return undefined
  if (item.kink.candidates > 1) return undefined
  const {units} = item
  const longest = maker.map.rowNorms[0]!.reduce((a, b) => Math.max(a, b), 0)
  const scale = 2 ** -Math.max(-100, Math.min(100, Math.round(Math.log2(longest)) || 0))
  const plan = planOf(program, 0)
  const byWindows = plan && units <= widestOfWindows && gramOfWindows(program, plan, units, scale)
  if (byWindows) return {values: byWindows, scale, units, reach: reachOf(plan)}
  if (units > widest) return undefined
  const gram = tidy(() => {
    const [rows] = maker.map.rows(Int32Array.from({length: units}, (_, unit) => unit))
    return gramsOf(mul(rows!, scale).expandDims(0))
  })
  const values = await readOne(gram)
  return {values, scale, units, reach: units}
}

/** Windows meet where the lines of an image that their units are in are this close: units are counted line by line. */
function reachOf({windows, shapes, value}: Plan): number {
  const [{step, length}] = windows.get(0)!
  const {width, channels} = shapes[value]!
  const lines = step === 0 ? Number.POSITIVE_INFINITY : Math.ceil(length / step)
  return lines * width * channels
}

/** The products of all units' rows where these are small windows of the input. */
function gramOfWindows(
  program: Program,
  plan: Plan,
  units: number,
  scale: number,
): Float32Array | undefined {
  const each = Int32Array.from({length: units}, (_, unit) => unit)
  const signs = new Float32Array(units).fill(1)
  const places = unitsAt(plan, new Int32Array(units), each, signs)
  let rows: WindowRows | undefined
  leave(program, 0, plan, places, (_, values, window) => {
    rows = {values, window}
  })
  const [window, shape] = [plan.windows.get(0)!, plan.shapes[0]!]
  if (!rows || !sameWindow(rows.window, window) || !multipliesWindows(rows, shape)) return undefined
  const grams = borrow(units * units)
  program.whenDisposed(() => giveBack(grams))
  windowGrams(rows, {places, rowsPerPoint: units}, shape, Float32Array.of(scale), grams)
  giveBack(rows.values)
  return grams
}
