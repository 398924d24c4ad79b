import type {ConvolutionPatches, PatchMap} from '../affine/affine-map.js'
import type {Program} from '../program.js'
import {type ImageShape, ownPlace, readSpan, rounded, sizeOf, union, type Window} from './window.js'

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
 * @returns undefined where they do not: the layer's numbers are no image, or not one a unit, or something on the way knows no
 *   windows
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
  const {kink, input: value} = program.kinks[layer]!
  const shapes = shapesOf(program)
  if (kink.candidates > 1 || !shapes[value] || !mapBefore(program, value)) return undefined
  const windows = new Map<number, Window>()
  const arrive = (at: number, window: Window) => {
    const before = windows.get(at)
    windows.set(at, before ? union(before, window, shapes[at]!) : window)
  }
  let widest = 0
  arrive(value, ownPlace)
  for (let at = value; at >= 0; at--) {
    const found = windows.get(at)
    if (!found) continue
    const shape = shapes[at]
    const window = at === value || !shape ? found : round(found, shape)
    windows.set(at, window)
    if (shape) widest = Math.max(widest, sizeOf(window, shape))
    const item = program.instructions[at - 1]
    const map = shape && mapBefore(program, at)
    const reads = item?.kind === 'kink' ? [item.input] : (item?.inputs ?? [])
    const passable = item?.kind === 'kink' ? item.kink.candidates === 1 : map !== undefined
    // The same numbers can be images of two shapes: a dense layer takes all pixels for one line of them.
    const read = shape && map?.kind === 'convolution' ? inputOf(map) : shape
    if (at === 0) return {value, windows, shapes, widest}
    if (!passable || reads.some((input) => !sameShape(shapes[input], read))) return undefined
    for (const input of reads) arrive(input, map ? windowBefore(map, window) : window)
  }
  return undefined
}

/** The map that makes a value, where it knows windows. */
export function mapBefore({instructions}: Program, value: number): PatchMap | undefined {
  const item = instructions[value - 1]
  return item?.kind === 'affine' ? item.map.patches : undefined
}

function windowBefore(map: PatchMap, [down, across]: Window): Window {
  if (map.kind !== 'convolution') return [down, across]
  const {height, width} = map.geometry
  return [readSpan(down, height).span, readSpan(across, width).span]
}

function inputOf({geometry}: ConvolutionPatches): ImageShape {
  const {height, width, inputChannels} = geometry
  return {height: height.input, width: width.input, channels: inputChannels}
}

function sameShape(a: ImageShape | undefined, b: ImageShape | undefined): boolean {
  return a?.height === b?.height && a?.width === b?.width && a?.channels === b?.channels
}

/** Which values are images, as far as convolutions tell. */
function shapesOf({instructions}: Program): (ImageShape | undefined)[] {
  const shapes = new Array<ImageShape | undefined>(instructions.length + 1)
  instructions.forEach((item, k) => {
    if (item.kind === 'kink') {
      if (item.kink.candidates === 1) shapes[k + 1] = shapes[item.input]
      return
    }
    const {patches} = item.map
    if (patches?.kind === 'convolution') {
      const {height, width, outputChannels} = patches.geometry
      shapes[item.inputs[0]!] ??= inputOf(patches)
      shapes[k + 1] = {height: height.output, width: width.output, channels: outputChannels}
    } else if (patches) {
      shapes[k + 1] = item.inputs.map((input) => shapes[input]).find(Boolean)
    }
  })
  return shapes
}
