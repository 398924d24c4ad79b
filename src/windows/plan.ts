import type {ConvolutionPatches, PatchMap, PoolPatches} from '../affine/affine-map.js'
import type {Program} from '../program/program.js'
import {
  type ImageShape,
  ownPlace,
  readSpan,
  rounded,
  sameShape,
  sizeOf,
  union,
  type Window,
} from './window.js'

/** What rows of a layer's units are not 0 on, at each value that they pass. */
export interface Plan {
  /** The value that the layer reads. */
  readonly value: number
  /** Per value that rows arrive at. */
  readonly windows: ReadonlyMap<number, Window>
  readonly shapes: readonly (ImageShape | undefined)[]
  /** Most numbers of a row at once. */
  readonly widest: number
}

const known = new WeakMap<Program, (Plan | null)[]>()

/**
 * How the rows of a layer's units go back to the input as windows.
 *
 * @returns undefined where they do not: the layer's numbers are no image, or something on the way knows no windows
 */
export function planOf(program: Program, layer: number): Plan | undefined {
  const plans = known.get(program) ?? []
  known.set(program, plans)
  plans[layer] ??= makePlan(program, layer, rounded) ?? null
  return plans[layer] ?? undefined
}

/** Most inputs that a unit of a layer depends on, as far as windows tell: its receptive field. */
export function receptiveField(program: Program, layer: number): number {
  const plan = planOf(program, layer) && makePlan(program, layer, (window) => window)
  if (!plan) return program.inputSize
  const [down, across] = plan.windows.get(0)!
  const {height, width, channels} = plan.shapes[0]!
  return Math.min(down.length, height) * Math.min(across.length, width) * channels
}

function makePlan(
  program: Program,
  layer: number,
  round: (window: Window, shape: ImageShape) => Window,
): Plan | undefined {
  const {input: value} = program.kinks[layer]!
  const shapes = shapesOf(program)
  const windows = new Map<number, Window>()
  let widest = 0
  /** Whether what a step reads is the image that it takes it for. */
  const go = ({reads, map}: Step, window: Window, shape: ImageShape): boolean => {
    // The same numbers can be images of two shapes: a dense layer takes all pixels for one line of them.
    const read = map ? inputOf(map, shape) : shape
    for (const input of reads) {
      if (!sameShape(shapes[input], read)) return false
      const [before, own] = [windows.get(input), windowBefore(map, window)]
      windows.set(input, before ? union(before, own, read) : own)
    }
    return true
  }
  const start = startOf(program, layer)
  if (!start || !shapes[value] || !go(start, ownPlace, shapes[value])) return undefined
  for (let at = value - 1; at >= 0; at--) {
    const found = windows.get(at)
    if (!found) continue
    const shape = shapes[at]!
    const window = round(found, shape)
    windows.set(at, window)
    widest = Math.max(widest, sizeOf(window, shape))
    if (at === 0) return {value, windows, shapes, widest}
    const step = stepBefore(program, at)
    if (!step || !go(step, window, shape)) return undefined
  }
  return undefined
}

/** A step through a map. */
export interface Start extends Step {
  readonly map: PatchMap
}

/** The step before a layer: the map that makes its numbers, a pool's being the candidates of its maxima. */
export function startOf(program: Program, layer: number): Start | undefined {
  const item = program.kinks[layer]!
  const pools = item.kink.candidates > 1
  // What a kink makes is no map's numbers.
  if (!pools && program.instructions[item.input - 1]?.kind === 'kink') return undefined
  const step = stepBefore(program, pools ? program.instructions.indexOf(item) + 1 : item.input)
  return step?.map ? {reads: step.reads, map: step.map} : undefined
}

/** What makes a value: a map that knows windows, of which values; or no map, a kink of one number a unit. */
export interface Step {
  readonly reads: readonly number[]
  readonly map: PatchMap | undefined
}

/** The step that makes a value; undefined where it knows no windows. A pool's maximum and the map before it are one. */
export function stepBefore({instructions}: Program, value: number): Step | undefined {
  const item = instructions[value - 1]
  if (item?.kind === 'affine') {
    const {patches} = item.map
    return patches && patches.kind !== 'pool' ? {reads: item.inputs, map: patches} : undefined
  }
  if (item?.kink.candidates === 1) return {reads: [item.input], map: undefined}
  const maker = item && instructions[item.input - 1]
  const pool = maker?.kind === 'affine' ? maker.map.patches : undefined
  return maker?.kind === 'affine' && pool?.kind === 'pool'
    ? {reads: maker.inputs, map: pool}
    : undefined
}

/** What a step reads for a window of what it makes. */
export function windowBefore(map: PatchMap | undefined, [down, across]: Window): Window {
  if (map?.kind !== 'convolution' && map?.kind !== 'pool') return [down, across]
  const {height, width} = map.kind === 'pool' ? map : map.geometry
  return [readSpan(down, height).span, readSpan(across, width).span]
}

function inputOf(map: PatchMap, output: ImageShape): ImageShape {
  if (map.kind !== 'convolution' && map.kind !== 'pool') return output
  const {height, width} = map.kind === 'pool' ? map : map.geometry
  const channels = map.kind === 'pool' ? map.channels : map.geometry.inputChannels
  return {height: height.input, width: width.input, channels}
}

function outputOf(map: ConvolutionPatches | PoolPatches): ImageShape {
  const {height, width} = map.kind === 'pool' ? map : map.geometry
  const channels = map.kind === 'pool' ? map.channels : map.geometry.outputChannels
  return {height: height.output, width: width.output, channels}
}

/** Which values are images, as far as convolutions and pools tell. */
function shapesOf(program: Program): (ImageShape | undefined)[] {
  const shapes = new Array<ImageShape | undefined>(program.instructions.length + 1)
  for (let value = 1; value < shapes.length; value++) {
    const step = stepBefore(program, value)
    if (step?.map?.kind === 'convolution' || step?.map?.kind === 'pool') {
      const made = outputOf(step.map)
      shapes[step.reads[0]!] ??= inputOf(step.map, made)
      shapes[value] = made
      // The candidates of a pool are counted over the image that it makes.
      const item = program.instructions[value - 1]!
      if (item.kind === 'kink') shapes[item.input] = made
    } else if (step) {
      shapes[value] = step.reads.map((input) => shapes[input]).find(Boolean)
    }
  }
  return shapes
}
