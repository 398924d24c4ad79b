import type {KinkAtPoints, Lines} from './kinks/kink.js'
import type {Norm} from './options.js'
import type {Program} from './program.js'
import {pullAlongChain} from './pull-along-chain.js'
import {pullBack} from './pull-back.js'
import {packRows, type WantedRow} from './row-grids.js'
import {meetsNoMoreLines} from './seed-rows.js'
import type {Pruning} from './windows/prune.js'
import {pullWindows} from './windows/pull-windows.js'

/** More rows than this at once fall out of the processor's caches and are slower. */
const mostRows = 4096

/** What lets rows stop on their way. */
export interface PullOptions {
  readonly pruning?: Pruning | undefined
  /** Whether reading back is no more than copying, so that it pays to look at rows on their way. Default: false. */
  readonly readsFast?: boolean
}

/**
 * Pulls wanted rows of one layer back to the input, in chunks that keep the tensors within `memory`
 * bytes, and hands each row's slack and length to `take`. Rows that a convolution begins go as windows, and those of a chain one
 * by one where reading is fast; both may be dropped on their way.
 */
export async function pullRows(
  program: Program,
  layer: number,
  kinks: KinkAtPoints,
  wanted: readonly WantedRow[],
  lines: readonly Lines[],
  norm: Norm,
  memory: number,
  take: (row: WantedRow, slack: number, length: number) => void,
  {pruning, readsFast = false}: PullOptions = {},
): Promise<void> {
  if (await pullWindows(program, layer, kinks, wanted, lines, norm, memory, take, pruning)) return
  const limit = mostRowsAtOnce(program, memory)
  const along =
    readsFast &&
    worthLooking(layer, wanted.length, pruning !== undefined) &&
    (await pullAlongChain(program, layer, kinks, wanted, lines, norm, limit, take, pruning))
  if (along) return
  // All grids are on their way before the first is read: on a GPU each reading waits for what was sent before it.
  const mixed = meetsNoMoreLines(program, layer, wanted.length)
  const packed = packRows(layer, kinks, wanted, limit, mixed)
  const pulled = await Promise.all(packed.map(({grid}) => pullBack(program, grid, lines, norm)))
  packed.forEach(({rows, places}, g) => {
    const {slack, length} = pulled[g]!
    rows.forEach((row, k) => {
      take(row, slack[places[k]!]!, length[places[k]!]!)
    })
  })
}

/** Fewer rows go through a kink faster on the host, which puts only the bent units right, than as grids of operations. */
const few = 2048

/** Of more rows, those of the first layers pass too few maps for what stops on the way to be worth it. */
const worthLooking = (layer: number, rows: number, prunes: boolean): boolean =>
  rows < few || (prunes && layer > 2)

/** How many rows fit into `memory` bytes, and into the caches: a sweep holds a few tensors of [rows, widest value] at a time. */
export function mostRowsAtOnce(program: Program, memory: number): number {
  return Math.max(1, Math.min(mostRows, Math.floor(memory / (4 * 8 * widest(program)))))
}

function widest({inputSize, instructions}: Program): number {
  return instructions.reduce(
    (most, item) => Math.max(most, item.kind === 'kink' ? item.units : item.map.outputSize),
    inputSize,
  )
}
