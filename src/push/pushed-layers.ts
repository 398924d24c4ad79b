import {getBackend} from '@tensorflow/tfjs'
import {bentUnits} from '../bent-units.js'
import {type Chain, chainOf} from '../chain.js'
import type {Lines} from '../kinks/kink.js'
import {once} from '../once.js'
import type {Program} from '../program.js'
import {type BothSides, crownRows, type SideRows} from './crown-rows.js'
import {disposePushed, type Pushed, pushOn, pushStart} from './push-forward.js'

/** Directions that are pushed at once: more fall out of the processor's caches. */
const directionsAtOnce = 16384

// The costs were fitted to perceptrons of 256 units on native TensorFlow. They choose between two ways to the same numbers.

/** A row that is pulled back through a layer takes so many times as long as a direction that is pushed through it. */
const pullingIsSlower = 1.5

/**
 * Reading both sides of all numbers takes so many pushes through one layer, and so many more for as many open units as
 * directions, what these take on their way with it. What moves with what takes a product for each point, of a size that grows
 * with the square of the open units, for which WASM has nothing faster than plain loops.
 */
const reading = {alone: 0.2, open: 4, squared: 2, squaredOnWasm: 28}

/** Padding: the most open units of a few points, over the mean of all. */
const padded = 1.3

/** Rows of every number of a layer, from directions that are pushed forward once for all layers. */
export interface PushedLayers {
  /** Whether so many rows of a layer are more work to pull back one by one. */
  worthIt(layer: number, rows: number): boolean
  /**
   * The rows of both sides of all numbers of a layer at all points, through the lines of the layers before. Lengths that are
   * NaN have to be found by pulling. What was asked for last is remembered.
   */
  rows(layer: number): Promise<BothSides>
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
  // Of the layer that was asked for last: its rows are asked for more than once.
  let known: {readonly layer: number; readonly sides: BothSides} | undefined
  let states: {readonly start: number; readonly end: number; pushed: Pushed}[] | undefined

  const lessWork = (layer: number, rows: number, pushes: number): boolean => {
    const reached = states?.[0]?.pushed.layer ?? 0
    let open = 0
    for (let k = 0; k < layer; k++) {
      open += (padded * bentUnits(lines[k]!, kinks[k]!.units).units.length) / (count * pushes)
    }
    // What is pushed this far need not be pushed again for the layers that follow.
    const later = kinks.length - 1 - layer
    const pushing = Math.max(0, layer - reached) / (1 + later)
    const squared = getBackend() === 'wasm' ? reading.squaredOnWasm : reading.squared
    const cost = pushing + reading.alone + reading.open * open + squared * open * open
    return pullingIsSlower * rows * layer > cost * count * pushes
  }
  const fits = (pushes: number) => count <= pointsFor(pushes, chain, memory)
  return {
    worthIt: (layer, rows) =>
      known?.layer === layer ||
      (lessWork(layer, rows, hoped) && fits(directions()) && lessWork(layer, rows, directions())),
    rows: async (layer) => {
      if (known?.layer === layer) return known.sides
      const atOnce = Math.max(1, Math.floor(directionsAtOnce / directions()))
      states ??= Array.from({length: Math.ceil(count / atOnce)}, (_, k) => ({
        start: k * atOnce,
        end: Math.min(count, (k + 1) * atOnce),
        pushed: pushStart(maps[0]!),
      }))
      const numbers = kinks[layer]!.units
      const sides = {below: unknown(count * numbers), above: unknown(count * numbers)}
      for (const state of states) {
        const {start, end} = state
        while (state.pushed.layer < layer) {
          const reached = state.pushed.layer
          const [from, to] = [maps[reached]!, maps[reached + 1]!]
          const {units} = kinks[reached]!
          state.pushed = pushOn(state.pushed, from, to, lines[reached]!, units, start, end)
        }
        const found = await crownRows(state.pushed)
        for (const side of ['below', 'above'] as const) {
          sides[side].slack.set(found[side].slack, start * numbers)
          sides[side].length.set(found[side].length, start * numbers)
        }
      }
      known = {layer, sides}
      return sides
    },
    dispose: () => {
      for (const {pushed} of states ?? []) disposePushed(pushed)
      states = undefined
      known = undefined
    },
  }
}

function unknown(size: number): SideRows {
  return {slack: new Float32Array(size), length: new Float32Array(size)}
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
