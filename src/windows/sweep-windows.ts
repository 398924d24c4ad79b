import {tensor2d, tidy} from '@tensorflow/tfjs'
import {readOne} from '../common/read-out.js'
import {giveBack} from '../common/spare-arrays.js'
import type {Lines} from '../kinks/kink.js'
import type {KinkInstruction, Program} from '../program/program.js'
import {leaveOut} from './leave-out.js'
import {passKinkInPlace} from './pass-kink.js'
import {passPool} from './pass-pool.js'
import {type Plan, stepBefore, windowBefore} from './plan.js'
import {clear, gather, type Places, scaleInPlace, type WindowRows} from './rows.js'
import {leave, type UnitRows} from './units.js'
import {type ImageShape, readSpan, sameWindow, sizeOf, type Window} from './window.js'

/** Rows on their way back: what waits at each value, and the slack so far. */
export interface Waiting {
  readonly rows: ReadonlyMap<number, readonly WindowRows[]>
  readonly slack: Float32Array
  readonly places: Places
}

/** Rows at the input, and which of the given ones they are. */
export interface Arrived extends Waiting {
  readonly kept: Int32Array
}

/** Who looks at rows on their way. */
export interface Watch {
  /** Is shown the rows after each kink, by their place among the given ones, and says which of them are not needed. */
  readonly drop?: ((waiting: Waiting, kept: Int32Array) => Uint8Array | undefined) | undefined
  /** Is shown the rows as they arrive at the output of each kink; it must not change or keep them. */
  readonly tap?: (item: KinkInstruction, rows: WindowRows, shape: ImageShape) => void
}

/**
 * Pulls rows of units back as windows, from their layer to the input: kinks and sums are passed on the host, where
 * each row finds the lines of its own place and point; convolutions on the backend.
 *
 * @param watch of the rows on their way
 */
export async function sweepWindows(
  program: Program,
  layer: number,
  plan: Plan,
  units: UnitRows,
  lines: readonly Lines[],
  {drop, tap}: Watch = {},
): Promise<Arrived> {
  const rows = new Map<number, WindowRows[]>()
  let state: Omit<Arrived, 'rows'> = {
    places: units,
    slack: new Float32Array(units.points.length),
    kept: upTo(units.points.length),
  }
  const arrive = (value: number, values: Float32Array, window: Window, isClear = false) => {
    const own = {values, window, isClear}
    const before = rows.get(value)
    if (before) before.push(own)
    else rows.set(value, [own])
  }
  leave(program, layer, plan, units, arrive)
  for (let value = plan.value - 1; value > 0; value--) {
    const arrived = rows.get(value)
    if (!arrived) continue
    rows.delete(value)
    const [window, shape] = [plan.windows.get(value)!, plan.shapes[value]!]
    const values = together(arrived, state.places, window, shape)
    const item = program.instructions[value - 1]!
    const {reads, map} = stepBefore(program, value)!
    const own = {values, window, isClear: arrived.every((each) => each.isClear)}
    if (item.kind === 'kink') {
      tap?.(item, own, shape)
      const [to, {places, slack}] = [windowBefore(map, window), state]
      const passed =
        map?.kind === 'pool'
          ? passPool(own, places, shape, map, to, lines[item.layer]!, slack)
          : passKinkInPlace(own, places, shape, lines[item.layer]!, slack)
      // Where there is no image a kink has no lines, and passes nothing on.
      arrive(reads[0]!, passed, to, true)
      const dropped = drop?.({rows, ...state}, state.kept)
      if (dropped) state = leaveOut(dropped, state, rows)
      if (state.kept.length === 0) return {rows: new Map(), ...state}
    } else if (map?.kind === 'sum') {
      for (const [i, input] of reads.entries()) {
        // What is passed on is changed in place.
        const passed = i === 0 && map.weight === 1 ? values : values.map((v) => v * map.weight)
        arrive(input, passed, window, own.isClear)
      }
    } else if (map?.kind === 'scale') {
      arrive(reads[0]!, scaleInPlace(own, state.places, shape, map.scale), window, true)
    } else if (map?.kind === 'convolution') {
      const {height, width} = map.geometry
      const [down, across] = [readSpan(window[0], height), readSpan(window[1], width)]
      const cleared = clear(own, state.places, shape)
      const count = state.places.points.length
      const pulled = tidy(() => {
        const read = tensor2d(cleared, [count, sizeOf(window, shape)])
        return map.adjoint(down.geometry, across.geometry, read)
      })
      const found = await readOne(pulled)
      giveBack(values)
      arrive(reads[0]!, found, [down.span, across.span])
    }
  }
  return {rows, ...state}
}

/** 0, 1, 2, ... */
function upTo(count: number): Int32Array {
  const numbers = new Int32Array(count)
  for (let k = 0; k < count; k++) numbers[k] = k
  return numbers
}

/** Rows that arrived at a value, on its window: themselves where these are all. */
export function together(
  arrived: readonly WindowRows[],
  places: Places,
  window: Window,
  shape: ImageShape,
): Float32Array {
  const [only] = arrived
  return arrived.length === 1 && sameWindow(only!.window, window)
    ? only!.values
    : gather(arrived, places, window, shape)
}
