import type {BoundTools} from '../bounds/bound-layers.js'
import type {Norm} from '../options.js'
import type {WantedRow} from '../row-grids.js'
import {type Plan, receptiveField} from './plan.js'
import {sums} from './rows.js'
import type {Waiting} from './sweep-windows.js'

/** Which rows need not be pulled any further. */
export interface Pruning {
  /** Per value: by how much more than its own length a row there can be long at the input. Worked out when it is needed. */
  reach(): Promise<readonly number[]>
  /** Per value: what an entry of a row there is multiplied with before its length is taken; undefined stands for 1. */
  readonly scales?: readonly (Float64Array | undefined)[]
  /** Whether it is enough to know that a row is at most so long at the input, with the slack that it has so far. */
  enough(row: WantedRow, longest: number, slack: number): boolean
}

/**
 * The reach of a layer's rows whose dual norm is asked for: certified Lipschitz constants, and |g|_1 <= sqrt(n) |g|_2 for the n
 * inputs that a unit depends on.
 */
export async function gradientReach(
  {program, balls}: BoundTools,
  layer: number,
  norm: Norm,
): Promise<number[]> {
  const {reach} = balls('plain')
  const all = await Promise.all(program.readers.map((_, value) => reach(value)))
  if (norm === 'l2') return all
  const most = Math.sqrt(receptiveField(program, layer))
  return all.map((length) => length * most)
}

/** Room for the rounding of the rows so far. */
export const room = 1 + 1e-4

/**
 * Drops rows on their way that matter no more. Where row v arrives at a value, with J its Jacobian, the row at the input is the sum of
 * all v J: no longer than the sum of ||v|| times the value's reach. The further back, the closer that comes to the truth.
 *
 * @returns what to show the rows that wait: 1 for each that may go; undefined where none may
 */
export async function droppedBy(
  {reach: makeReach, scales, enough}: Pruning,
  plan: Plan,
  wanted: readonly WantedRow[],
) {
  // Windows are measured as they are.
  if (scales) return undefined
  const reach = await makeReach()
  return ({rows, slack, places}: Waiting, kept: Int32Array): Uint8Array | undefined => {
    const longest = new Float64Array(kept.length)
    for (const [value, arrived] of rows) {
      for (const own of arrived) {
        const squares = sums(own, places, plan.shapes[value]!, true)
        squares.forEach((square, k) => {
          longest[k]! += Math.sqrt(square) * reach[value]! * room
        })
      }
    }
    const dropped = Uint8Array.from(kept, (row, k) =>
      enough(wanted[row]!, longest[k]!, slack[k]!) ? 1 : 0,
    )
    return dropped.includes(1) ? dropped : undefined
  }
}
