import {
  abs,
  add,
  concat,
  cumsum,
  matMul,
  minimum,
  mul,
  neg,
  range,
  relu,
  step,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  tidy,
} from '@tensorflow/tfjs'
import type {Sides} from '../bounds/interval.js'
import type {Chain} from '../pull/chain.js'
import {scaledLengths} from '../pull/row-lengths.js'
import {type LineTensors, openOnes} from './lines.js'

/** More than any bound. */
const huge = 1e37

/** What a layer's rows are pulled through, on the device. */
export interface OnDevice {
  readonly chain: Chain
  /** Per layer before. */
  readonly lines: readonly LineTensors[]
  /** `[points, 1]` */
  readonly radius: Tensor2D
  readonly inflation: number
}

/**
 * Tightens the sides of the first `most` units of a layer that are open at each point, as `pullUndecided` does: the side
 * that the kink lies within, and the other one where the unit is still open then.
 *
 * @param z the layer's numbers, `[points, units]`, and how far rounding may have moved them
 * @param others whether other sides are wanted
 * @returns the sides, and how many units are open at each point, `[points]`: where it is more than `most` some are not pulled
 */
export function pullOpenUnits(
  onDevice: OnDevice,
  layer: number,
  z: Tensor2D,
  rounding: Tensor2D,
  sides: Sides,
  most: number,
  others: boolean,
): Sides & {readonly open: Tensor} {
  return tidy(() => {
    const [points, units] = z.shape
    const {below, above} = sides
    const open = openOnes(z, {below: add(below, rounding), above: add(above, rounding)})
    // Numbers the open units of a point from 1 on, and puts a 1 at the unit of each number.
    const numbers = mul(cumsum(open, 1), open)
    const places = range(1, most + 1).reshape([1, most, 1])
    const picks = relu(sub(1, abs(sub(numbers.reshape([points, 1, units]), places))))
    const left = step(neg(z))
    const facing = sub(1, mul(left, 2)).reshape([points, 1, units])
    const rows = others ? concat([picks, neg(picks)], 1) : mul(picks, facing)
    const {slack, length} = pullRowsOnDevice(onDevice, layer, rows)
    const {radius, inflation} = onDevice
    const found = mul(add(slack, mul(length, radius)), inflation)
    // Nothing is found of units that are not open; a point with more than `most` is bounded again whatever is found.
    const nothing = mul(sub(1, open), huge)
    const spread = (part: number) => {
      const own = found.slice([0, part * most], [points, most]).reshape([points, most, 1])
      return add(sum(mul(picks, own), 1), nothing)
    }
    const lower = spread(0)
    const upper = others ? spread(1) : lower
    // Where the side of the kink decides a unit, its other side stays as it was; so do sides that are not wanted.
    const first = add(lower, mul(left, sub(upper, lower)))
    const decided = others ? sub(1, step(sub(add(first, rounding), abs(z)))) : 1
    const kept = mul(decided, huge)
    const keptBelow = mul(left, kept)
    return {
      below: minimum(below, add(lower, keptBelow)),
      above: minimum(above, add(upper, sub(kept, keptBelow))),
      open: sum(open, 1),
    }
  })
}

/** What rows `[points, rows, units]` of a layer say, see `PulledBack`: `[points, rows]`. */
function pullRowsOnDevice({chain, lines}: OnDevice, layer: number, picked: Tensor) {
  const {maps} = chain
  let slack: Tensor | undefined
  const [points, rowsPerPoint] = picked.shape as [number, number]
  const flat = (rows: Tensor) => rows.reshape([points * rowsPerPoint, -1]) as Tensor2D
  let rows = flat(picked)
  for (let k = layer; k > 0; k--) {
    const {lowerSlope, upperSlope, lowerGap, upperGap} = lines[k - 1]!
    const ofPoint = (line: Tensor) => line.reshape([points, 1, -1])
    const [passed, gaps] = tidy((): [Tensor2D, Tensor] => {
      const entries = maps[k]!.map.adjoint(rows)[0]!.reshape([points, rowsPerPoint, -1])
      const positive = relu(entries)
      const negative = sub(positive, entries)
      const through = sub(mul(positive, ofPoint(lowerSlope)), mul(negative, ofPoint(upperSlope)))
      const gap = add(mul(positive, ofPoint(lowerGap)), mul(negative, ofPoint(upperGap)))
      return [flat(through), sum(gap, 2)]
    })
    rows.dispose()
    rows = passed
    slack = slack ? add(slack, gaps) : gaps
  }
  const {map} = maps[0]!
  const factor = map.lengthFactor?.(rows.shape[0])
  const atInput = factor ? matMul(rows, factor) : map.adjoint(rows)[0]!
  // Nobody looks at the squares before the lengths are used.
  return {slack: slack!, length: scaledLengths(atInput, 1).reshape([points, rowsPerPoint])}
}
