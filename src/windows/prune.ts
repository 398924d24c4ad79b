import type {BoundTools} from '../bounds/bound-layers.js'
import type {Norm} from '../options.js'
import {type Pruning, room} from '../pull/pruning.js'
import type {WantedRow} from '../pull/row-grids.js'
import {type Plan, receptiveField} from './plan.js'
import {sumsOf} from './sums.js'
import type {Waiting} from './sweep-windows.js'

/**
 * How long a layer's rows whose dual norm is asked for can become from each value on: certified Lipschitz constants, and
 * |g|_1 <= sqrt(n) |g|_2 for the n inputs that a unit depends on.
 */
export function gradientReach(
  {program, balls}: BoundTools,
  layer: number,
  norm: Norm,
): Pruning['reach'] {
  const {reach} = balls('plain')
  if (norm === 'l2') return reach
  const most = Math.sqrt(receptiveField(program, layer))
  return async (value) => (await reach(value)) * most
}

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
  const values = [...plan.windows.keys()]
  const reaches = await Promise.all(values.map(makeReach))
  const reach = new Map(values.map((value, k) => [value, reaches[k]!]))
  return ({rows, slack, places}: Waiting, kept: Int32Array): Uint8Array | undefined => {
    const longest = new Float64Array(kept.length)
    for (const [value, arrived] of rows) {
      for (const own of arrived) {
        addLengths(
          longest,
          sumsOf(own, places, plan.shapes[value]!, true),
          reach.get(value)! * room,
        )
      }
    }
    const dropped = new Uint8Array(kept.length)
    let some = false
    for (let k = 0; k < kept.length; k++) {
      if (!enough(wanted[kept[k]!]!, longest[k]!, slack[k]!)) continue
      dropped[k] = 1
      some = true
    }
    return some ? dropped : undefined
  }
}

function addLengths(longest: Float64Array, squares: Float64Array, factor: number): void {
  for (let k = 0; k < longest.length; k++) longest[k]! += Math.sqrt(squares[k]!) * factor
}
