import {tensor2d, tidy} from '@tensorflow/tfjs'
import type {Lines} from '../kinks/kink.js'
import type {KinkInstruction, Program} from '../program.js'
import {passPool} from './pass-pool.js'
import {type Plan, startOf, stepBefore, windowBefore} from './plan.js'
import {gather, type Places, passKinkInPlace, scaleInPlace, type WindowRows} from './rows.js'
import {
  type ImageShape,
  imageSize,
  ownPlace,
  readSpan,
  sameWindow,
  sizeOf,
  type Window,
} from './window.js'

/** Signed units of one layer: their points, places and channels. */
export interface UnitRows extends Places {
  readonly channels: Int32Array
  /** Of a pool's units, which candidate is read, and which is subtracted from it; 0 elsewhere. */
  readonly first: Int32Array
  readonly second: Int32Array
  /** 1 or -1 */
  readonly signs: Float32Array
}

/** The places and channels of a layer's units, given by the numbers that their forms read. */
export function unitsAt(
  plan: Plan,
  points: Int32Array,
  numbers: Int32Array,
  signs: Float32Array,
  subtracted = numbers,
): UnitRows {
  const shape = plan.shapes[plan.value]!
  const {width, channels} = shape
  const units = imageSize(shape)
  return {
    points,
    down: numbers.map((number) => Math.floor((number % units) / (width * channels))),
    across: numbers.map((number) => Math.floor((number % units) / channels) % width),
    channels: numbers.map((number) => number % channels),
    first: numbers.map((number) => Math.floor(number / units)),
    second: subtracted.map((number) => Math.floor(number / units)),
    signs,
  }
}

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
  let state = {
    places: units as Places,
    slack: new Float32Array(units.points.length),
    kept: Int32Array.from(units.points, (_, row) => row),
  }
  const arrive = (value: number, values: Float32Array, window: Window) => {
    const own = {values, window}
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
    const own = {values, window}
    if (item.kind === 'kink') {
      tap?.(item, own, shape)
      const [to, {places, slack}] = [windowBefore(map, window), state]
      const passed =
        map?.kind === 'pool'
          ? passPool(own, places, shape, map, to, lines[item.layer]!, slack)
          : passKinkInPlace(own, places, shape, lines[item.layer]!, slack)
      arrive(reads[0]!, passed, to)
      const dropped = drop?.({rows, ...state}, state.kept)
      if (dropped) state = without(dropped, state, rows)
    } else if (map?.kind === 'sum') {
      for (const [i, input] of reads.entries()) {
        // What is passed on is changed in place.
        const passed = i === 0 && map.weight === 1 ? values : values.map((v) => v * map.weight)
        arrive(input, passed, window)
      }
    } else if (map?.kind === 'scale') {
      arrive(reads[0]!, scaleInPlace(own, state.places, shape, map.scale), window)
    } else if (map?.kind === 'convolution') {
      const [down, across] = readWindow(window, map.geometry)
      const cleared = scaleInPlace(own, state.places, shape, undefined)
      const count = state.places.points.length
      const pulled = tidy(() => {
        const read = tensor2d(cleared, [count, sizeOf(window, shape)])
        return map.adjoint(down.geometry, across.geometry, read)
      })
      const found = (await pulled.data()) as Float32Array
      pulled.dispose()
      arrive(reads[0]!, found, [down.span, across.span])
    }
  }
  return {rows, ...state}
}

function readWindow(
  [down, across]: Window,
  {height, width}: {height: Parameters<typeof readSpan>[1]; width: Parameters<typeof readSpan>[1]},
) {
  return [readSpan(down, height), readSpan(across, width)] as const
}

/** The rows of the units themselves, in terms of what the map before their layer reads. */
function leave(
  program: Program,
  layer: number,
  plan: Plan,
  {channels, first, second, signs, down, across}: UnitRows,
  arrive: (value: number, values: Float32Array, window: Window) => void,
): void {
  const {map, reads} = startOf(program, layer)!
  if (map.kind === 'pool') {
    const size = map.height.window * map.width.window * map.channels
    const values = new Float32Array(channels.length * size)
    channels.forEach((channel, row) => {
      values[row * size + first[row]! * map.channels + channel]! += signs[row]!
      values[row * size + second[row]! * map.channels + channel]! -= signs[row]!
    })
    arrive(reads[0]!, values, windowBefore(map, ownPlace))
    return
  }
  if (map.kind === 'convolution') {
    const [height, width] = readWindow(ownPlace, map.geometry)
    const size = height.span.length * width.span.length * map.geometry.inputChannels
    const values = new Float32Array(channels.length * size)
    channels.forEach((channel, row) => {
      const weights = map.weightsOf(channel)
      const [sign, to] = [signs[row]!, row * size]
      for (let k = 0; k < size; k++) values[to + k] = sign * weights[k]!
    })
    arrive(reads[0]!, values, [height.span, width.span])
    return
  }
  const {width, channels: depth} = plan.shapes[plan.value]!
  const factor = (row: number, channel: number) =>
    map.kind === 'sum'
      ? map.weight
      : map.scale[(down[row]! * width + across[row]!) * depth + channel]!
  for (const input of reads) {
    const values = new Float32Array(channels.length * depth)
    channels.forEach((channel, row) => {
      values[row * depth + channel] = signs[row]! * factor(row, channel)
    })
    arrive(input, values, ownPlace)
  }
}

/** Rows that arrived at a value, on its window. */
function together(
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

/** Leaves rows out. */
function without(
  dropped: Uint8Array,
  {places, slack, kept}: {places: Places; slack: Float32Array; kept: Int32Array},
  rows: Map<number, WindowRows[]>,
) {
  const left = (_: number, row: number) => dropped[row] === 0
  for (const waiting of rows.values()) {
    waiting.forEach((own, k) => {
      waiting[k] = {values: rowsLeft(own.values, dropped), window: own.window}
    })
  }
  const {points, down, across} = places
  return {
    places: {points: points.filter(left), down: down.filter(left), across: across.filter(left)},
    slack: slack.filter(left),
    kept: kept.filter(left),
  }
}

function rowsLeft(values: Float32Array, dropped: Uint8Array): Float32Array {
  const size = values.length / dropped.length
  const count = dropped.reduce((sum, gone) => sum + (gone ? 0 : 1), 0)
  const out = new Float32Array(count * size)
  let to = 0
  dropped.forEach((gone, row) => {
    if (gone) return
    out.set(values.subarray(row * size, (row + 1) * size), to)
    to += size
  })
  return out
}
