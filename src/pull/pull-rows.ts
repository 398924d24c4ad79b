import type {Program} from '../program/program.js'
import {pullWindows} from '../windows/pull-windows.js'
import {pullAlongChain} from './pull-along-chain.js'
import {pullBack} from './pull-back.js'
import type {PullRequest} from './pull-request.js'
import {packRows} from './row-grids.js'
import {meetsNoMoreLines} from './seed-rows.js'

/** More rows than this at once fall out of the processor's caches and are slower. */
const mostRows = 4096

/**
 * Pulls wanted rows of one layer back to the input, in chunks that keep the tensors within the request's memory. Rows that a
 * convolution begins go as windows, and those of a chain one by one where reading is fast; both may stop on their way.
 *
 * @param readsFast whether reading back is no more than copying, so that it pays to look at rows on their way
 */
export async function pullRows(request: PullRequest, readsFast = false): Promise<void> {
  if (await pullWindows(request)) return
  const {program, layer, kinks, wanted, lines, norm, memory, pruning, take} = request
  const limit = mostRowsAtOnce(program, memory)
  const looks = readsFast && (pruning !== undefined || wanted.length < few)
  if (looks && (await pullAlongChain(request, limit))) return
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

/** Fewer rows, of which none may stop, go through a kink faster on the host than as grids of operations. */
const few = 2048

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
