import {getBackend} from '@tensorflow/tfjs'
import {bentUnits} from '../bent-units.js'
import type {Lines} from '../kinks/kink.js'
import {once} from '../once.js'
import type {Program} from '../program.js'
import {crownRows, type SideRows} from './crown-rows.js'
import {type Chain, chainOf, disposePushed, type Pushed, pushOn, pushStart} from './push-forward.js'

/** Directions that are pushed at once: more fall out of the processor's caches. */
const directionsAtOnce = 16384

// The costs were fitted to perceptrons of 256 units on native TensorFlow. They choose between two ways to the same numbers.

/** A row that is pulled back through a layer takes so many times as long as a direction that is pushed through it. */
const pullingIsSlower = 1.5

/**
 * Reading one side of all numbers takes so many pushes through one layer, and so many more for as many open units as
 * directions. These take a product for each point, for which WASM has nothing faster than plain loops.
 */
const reading = {alone: 0.3, open: 2, openOnWasm: 40}

/** Padding: the most open units of a few points, over the mean of all. */
const padded = 1.3

/** Rows of every number of a layer, from directions that are pushed forward once for all layers. */
export interface PushedLayers {
  /** Whether so many rows of a layer are more work to pull back one by one. */
  worthIt(layer: number, rows: number): boolean
  /**
   * The rows of one side of all numbers of a layer at all points, through the lines of the layers before.
   *
   * @param signs `[points x numbers]`: 1 for a bound from below, -1 for one from above
   */
  rows(layer: number, signs: Float32Array): Promise<SideRows>
  dispose(): void
}

/**
 * Gets ready to push; nothing is computed before it is asked for.
 *
 * @param lines per kinked layer; those of the layers before one must be there when its rows are asked for
 * @param count of points
 * @returns undefined where rows can only be pulled: the program is no chain, or what is pushed leaves no room in `memory`
 */
export function pushedLayers(
  program: Program,
  lines: readonly Lines[],
  count: number,
  memory: number,
): PushedLayers | undefined {
  const chain = chainOf(program)
  if (!chain || count > pushedAtOnce(program, memory)) return undefined
  const {maps, kinks} = chain
  const hoped = directionsOf(program, chain)
  // The factor is made, or is found to be impossible, when pushing would be worth it with it.
  const directions = once(() => {
    const {map} = maps[0]!
    return map.lengthFactor?.(Number.POSITIVE_INFINITY) ? hoped : program.inputSize
  })
  let states: {readonly start: number; readonly end: number; pushed: Pushed}[] | undefined

  const lessWork = (layer: number, rows: number, pushes: number): boolean => {
    const reached = states?.[0]?.pushed.layer ?? 0
    let [pushing, open] = [0, 0]
    for (let k = 0; k < layer; k++) {
      open += (padded * bentUnits(lines[k]!, kinks[k]!.units).units.length) / (count * pushes)
      if (k >= reached) pushing += 1 + open
    }
    // What is pushed this far need not be pushed again for the layers that follow.
    const later = kinks.length - 1 - layer
    const each = getBackend() === 'wasm' ? reading.openOnWasm : reading.open
    const cost = pushing / (1 + later) + reading.alone + each * open
    return pullingIsSlower * rows * layer > cost * count * pushes
  }
  const fits = (pushes: number) => count <= pointsFor(pushes, chain, memory)
  return {
    worthIt: (layer, rows) =>
      lessWork(layer, rows, hoped) && fits(directions()) && lessWork(layer, rows, directions()),
    rows: async (layer, signs) => {
      const atOnce = Math.max(1, Math.floor(directionsAtOnce / directions()))
      states ??= Array.from({length: Math.ceil(count / atOnce)}, (_, k) => ({
        start: k * atOnce,
        end: Math.min(count, (k + 1) * atOnce),
        pushed: pushStart(maps[0]!),
      }))
      const numbers = kinks[layer]!.units
      const all = {slack: new Float32Array(signs.length), length: new Float32Array(signs.length)}
      for (const state of states) {
        const {start, end} = state
        while (state.pushed.layer < layer) {
          const reached = state.pushed.layer
          const [map, units] = [maps[reached + 1]!, kinks[reached]!.units]
          state.pushed = pushOn(state.pushed, map, lines[reached]!, units, start, end)
        }
        const own = signs.subarray(start * numbers, end * numbers)
        const found = await crownRows(state.pushed, own)
        all.slack.set(found.slack, start * numbers)
        all.length.set(found.length, start * numbers)
      }
      return all
    },
    dispose: () => {
      for (const {pushed} of states ?? []) disposePushed(pushed)
      states = undefined
    },
  }
}

/** How many points can be pushed within `memory` bytes; 0 where the program is no chain. */
export function pushedAtOnce(program: Program, memory: number): number {
  const chain = chainOf(program)
  return chain ? pointsFor(directionsOf(program, chain), chain, memory) : 0
}

/** What was pushed is kept for the next layer, and open units may take as much room again. */
function pointsFor(directions: number, {kinks}: Chain, memory: number): number {
  const widest = Math.max(...kinks.map(({units}) => units))
  return Math.floor(memory / (16 * directions * widest))
}

/** Of the first layer, with its factor. */
function directionsOf({inputSize}: Program, {maps}: Chain): number {
  const {map} = maps[0]!
  return map.lengthFactor ? Math.min(inputSize, map.outputSize) : inputSize
}
