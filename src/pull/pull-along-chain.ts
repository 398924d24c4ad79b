import {type Tensor2D, tensor2d, tidy} from '@tensorflow/tfjs'
import {once} from '../common/once.js'
import {readOne} from '../common/read-out.js'
import {borrow, giveBack} from '../common/spare-arrays.js'
import type {Norm} from '../options.js'
import type {KinkInstruction, Program} from '../program/program.js'
import {type Chain, chainOf} from './chain.js'
import {beginRows, type ChainRows, passRows, type Stop} from './chain-rows.js'
import {type Pruning, room} from './pruning.js'
import {readPulled, sweepOn} from './pull-back.js'
import type {PullRequest} from './pull-request.js'

/**
 * Pulls wanted rows back through a chain of maps and kinks of one number a unit, with a reading after each map: where reading is
 * copying, the host passes them through the kink in one go, each with the lines of its own point, and rows that matter no
 * more stop there. Most rows of deep layers do: how long a row can still become is known better with every map that it has
 * passed, in place of that map's norm.
 *
 * @param atOnce how many rows go together
 * @returns false, having done nothing, where the program is no such chain
 */
export async function pullAlongChain(
  {program, layer, kinks, wanted, lines, norm, pruning, take}: PullRequest,
  atOnce: number,
): Promise<boolean> {
  const chain = chainOf(program)
  const weights = chain?.maps[layer]?.map.hostRows?.()
  if (!chain || !weights || layer === 0) return false
  const before = chain.kinks.slice(0, layer)
  const widest = Math.max(...before.map(({units}) => units))
  const stops = before.map((kink) => once(async () => pruning && stopAt(kink, pruning)))
  const buffer = borrow(Math.min(atOnce, wanted.length) * widest)
  for (let start = 0; start < wanted.length; start += atOnce) {
    const some = wanted.slice(start, start + atOnce)
    // Where they begin their lengths say no more than what left them undecided.
    let own = beginRows(before.at(-1)!, lines[layer - 1]!, kinks, some, weights, buffer)
    for (let k = layer - 1; k > 0 && own.kept.length > 0; k--) {
      const rows = await throughMap(chain, k, own)
      own = passRows(before[k - 1]!, lines[k - 1]!, {...own, rows}, buffer, await stops[k - 1]!())
    }
    if (own.kept.length === 0) continue
    const length = await lengthsAtInput(program, before[0]!, own, norm)
    for (const [r, row] of own.kept.entries()) take(row, own.slack[r]!, length[r]!)
  }
  giveBack(buffer)
  return true
}

async function stopAt({input, units}: KinkInstruction, pruning: Pruning): Promise<Stop> {
  const scale = pruning.scales?.[input]
  return {
    weights: scale ? scale.map(squareOf) : new Float64Array(units).fill(1),
    reach: (await pruning.reach(input)) * room,
    enough: pruning.enough,
  }
}

const squareOf = (scale: number) => scale * scale

/** `[rows, units]` */
const asTensor = ({rows, kept: {length}}: ChainRows, {units}: KinkInstruction): Tensor2D =>
  tensor2d(rows.subarray(0, length * units), [length, units])

/** Rows before a map, from rows after it. */
async function throughMap({maps, kinks}: Chain, k: number, own: ChainRows): Promise<Float32Array> {
  const pulled = tidy(() => maps[k]!.map.adjoint(asTensor(own, kinks[k]!))[0]!)
  return readOne(pulled)
}

/** The length of each row at the input, from rows after the first map. */
async function lengthsAtInput(
  program: Program,
  first: KinkInstruction,
  own: ChainRows,
  norm: Norm,
): Promise<Float32Array> {
  const {input: value} = first
  const grid = {points: new Int32Array(own.kept.length), rowsPerPoint: 1}
  const {length} = await readPulled(() => {
    const seeds = {value, rows: [[value, asTensor(own, first)]] as const}
    // No kink is met any more, so that no lines are.
    return sweepOn(program, seeds, grid, [], norm === 'l2')
  }, norm)
  return length
}
