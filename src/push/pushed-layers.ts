import {once} from '../common/once.js'
import {bentUnits} from '../kinks/bent-units.js'
import type {Lines} from '../kinks/kink.js'
import type {Program} from '../program/program.js'
import {type Chain, chainOf} from '../pull/chain.js'
import {crownRows, type SideRows} from './crown-rows.js'
import {followsInner, pushOn, pushStart} from './push-forward.js'
import {disposePushed, type Pushed} from './pushed.js'

/** Directions that are pushed at once: more fall out of the processor's caches. */
const directionsAtOnce = 16384

/**
 * Work in pushes of as many directions as there are through one layer, where so many units a direction are open. Fitted to
 * perceptrons of 256 units; it only chooses between two ways to the same numbers.
 */
interface Costs {
  /** Pulling as many rows as there are directions back through one layer. */
  readonly pulling: number
  /** One layer further, with what open units take on their way. */
  readonly step: (open: number) => number
  /** Reading one side of all numbers. */
  readonly reading: (open: number) => number
}

const native: Costs = {
  pulling: 3,
  step: (open) => 1 + 3.3 * open,
  reading: (open) => Math.min(0.45 + 5 * open, 0.25 + 3.8 * open),
}

/** What moves with what takes a product a point, of the open units squared: on WASM these are plain loops. */
const wasm: Costs = {
  pulling: 1.3,
  step: (open) => 1 + 4 * open + 17 * open ** 2,
  reading: (open) => 0.3 + 2.5 * open + 16 * open ** 2,
}

/** Padding: the most open units of a few points, over the mean of all. */
const padded = 1.3

/** Rows of every number of a layer, from directions that are pushed forward once for all layers. */
export interface PushedLayers {
  /** Whether so many rows of a layer are more work to pull back one by one. */
  worthIt(layer: number, rows: number): boolean
  /**
   * The rows of a side of all numbers of a layer at all points, or of several, through the lines of the layers before. Lengths
   * that are NaN have to be found by pulling.
   *
   * @param signs of each side, `[points x numbers]`: 1 for a bound from below, -1 for one from above
   */
  rows(layer: number, signs: readonly Float32Array[]): Promise<SideRows[]>
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

  /** Open units a direction in the layers before one. */
  const openBefore = (layer: number, pushes: number): number => {
    let open = 0
    for (let k = 0; k < layer; k++) open += bentUnits(lines[k]!, kinks[k]!.units).units.length
    return (padded * open) / (count * pushes)
  }
  const lessWork = (layer: number, rows: number, pushes: number): boolean => {
    const reached = states?.[0]?.pushed.layer ?? 0
    const {pulling, step, reading} = followsInner() ? wasm : native
    let [open, pushing] = [0, 0]
    for (let k = 0; k < layer; k++) {
      open = openBefore(k + 1, pushes)
      if (k >= reached) pushing += step(open)
    }
    // What is pushed this far need not be pushed again for the layers that follow.
    const later = kinks.length - 1 - layer
    const cost = pushing / (1 + later) + reading(open)
    return pulling * rows * layer > cost * count * pushes
  }
  const widest = Math.max(...kinks.map(({units}) => units))
  const square = (pushes: number) => 4 * pushes * Math.max(pushes, widest)
  // Directions and open units are kept with what each says of the numbers, and open units with each other's products.
  const kept = (open: number, pushes: number) => square(pushes) * (1 + open) ** 2
  // Reading a side takes several copies of what the numbers say of open units, and a few of the directions.
  const worked = (open: number, pushes: number) => square(pushes) * (4 + 11 * open)
  /** Points at once, the later layers' open units being as many as those of the layers before one. */
  const pointsAtOnce = (layer: number, pushes: number): number => {
    const open = (openBefore(layer, pushes) * (kinks.length - 1)) / Math.max(1, layer)
    const most = Math.min(directionsAtOnce / pushes, memory / 8 / worked(open, pushes))
    return Math.max(1, Math.floor(most))
  }
  const fits = (layer: number, pushes: number) => {
    if (count > pointsFor(pushes, chain, memory)) return false
    const open = openBefore(layer, pushes)
    const atOnce = states?.[0] ? states[0].end : Math.min(count, pointsAtOnce(layer, pushes))
    return count * kept(open, pushes) + atOnce * worked(open, pushes) <= memory
  }
  return {
    worthIt: (layer, rows) =>
      lessWork(layer, rows, hoped) &&
      fits(layer, directions()) &&
      lessWork(layer, rows, directions()),
    rows: async (layer, signs) => {
      const atOnce = pointsAtOnce(layer, directions())
      states ??= Array.from({length: Math.ceil(count / atOnce)}, (_, k) => ({
        start: k * atOnce,
        end: Math.min(count, (k + 1) * atOnce),
        pushed: pushStart(maps[0]!),
      }))
      const numbers = kinks[layer]!.units
      const all = signs.map(({length}) => ({
        slack: new Float32Array(length),
        length: new Float32Array(length),
      }))
      for (const state of states) {
        const {start, end} = state
        while (state.pushed.layer < layer) {
          const reached = state.pushed.layer
          const [from, to] = [maps[reached]!, maps[reached + 1]!]
          const {units} = kinks[reached]!
          state.pushed = pushOn(state.pushed, from, to, lines[reached]!, units, start, end)
        }
        const own = signs.map((side) => side.subarray(start * numbers, end * numbers))
        const found = await crownRows(state.pushed, own)
        found.forEach(({slack, length}, side) => {
          all[side]!.slack.set(slack, start * numbers)
          all[side]!.length.set(length, start * numbers)
        })
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

/** What was pushed is kept for the next layer, and there is room to work; where many units are open see `fits`. */
function pointsFor(directions: number, {kinks}: Chain, memory: number): number {
  const widest = Math.max(...kinks.map(({units}) => units))
  return Math.floor(memory / (16 * directions * widest))
}

/** Of the first layer, with its factor. */
function directionsOf({inputSize}: Program, {maps}: Chain): number {
  const {map} = maps[0]!
  return map.lengthFactor ? Math.min(inputSize, map.outputSize) : inputSize
}
