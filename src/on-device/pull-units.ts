import {
  add,
  concat,
  cumsum,
  divNoNan,
  equal,
  greaterEqual,
  less,
  logicalAnd,
  logicalNot,
  matMul,
  max,
  mul,
  neg,
  range,
  relu,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  tidy,
  where,
} from '@tensorflow/tfjs'
import type {Sides} from '../bounds/interval.js'
import type {Chain} from '../push/push-forward.js'
import {isOpen, type LineTensors} from './lines.js'

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
 * @returns the sides, and how many units are open at each point, `[points]`: where it is more than `most` some are not pulled
 */
export function pullOpenUnits(
  onDevice: OnDevice,
  layer: number,
  z: Tensor2D,
  rounding: Tensor2D,
  sides: Sides,
  most: number,
): Sides & {readonly open: Tensor} {
  return tidy(() => {
    const widely = ({below, above}: Sides) => ({
      below: add(below, rounding) as Tensor2D,
      above: add(above, rounding) as Tensor2D,
    })
    const open = isOpen(z, widely(sides)).toFloat()
    // Numbers open units of a point from 1 on, and puts a 1 at the unit of each number.
    const numbered = mul(cumsum(open, 1), open)
    const [points, units] = z.shape
    const picks = equal(
      numbered.reshape([points, 1, units]),
      range(1, most + 1).reshape([1, most, 1]),
    ).toFloat() as Tensor3D
    const {slack, length} = pullRowsOnDevice(onDevice, layer, concat([picks, neg(picks)], 1))
    const {radius, inflation} = onDevice
    const found = mul(add(slack, mul(length, radius)), inflation) as Tensor2D
    const spread = (side: number) =>
      sum(mul(picks, found.slice([0, side * most], [points, most]).reshape([points, most, 1])), 1)
    const [below, above] = [spread(0), spread(1)]
    const pulled = sum(picks, 1).toBool()
    const take = (side: Tensor2D, other: Tensor, allowed: Tensor) =>
      where(logicalAnd(allowed, less(other, side)), other, side) as Tensor2D
    const right = greaterEqual(z, 0)
    const first = {
      below: take(sides.below, below, logicalAnd(pulled, right)),
      above: take(sides.above, above, logicalAnd(pulled, logicalNot(right))),
    }
    const still = logicalAnd(pulled, isOpen(z, widely(first)))
    return {
      below: take(first.below, below, still),
      above: take(first.above, above, still),
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
    const ofPoint = (line: Tensor2D) => line.reshape([points, 1, -1])
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
  return {slack: slack!, length: lengthsOf(atInput as Tensor2D).reshape([points, rowsPerPoint])}
}

/** Lengths of rows whose squares may leave float32: nobody looks at them before they are used. */
function lengthsOf(rows: Tensor2D): Tensor {
  const largest = max(rows.abs(), 1, true)
  return mul(sqrt(sum(square(divNoNan(rows, largest)), 1, true)), largest)
}
