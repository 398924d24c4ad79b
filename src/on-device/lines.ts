import {
  abs,
  add,
  div,
  maximum,
  minimum,
  mul,
  neg,
  relu,
  step,
  sub,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs'
import type {Sides} from '../bounds/interval.js'

/** Lines of a layer as tensors, `[points, units]`; see `Lines`. */
export type LineTensors = {
  readonly lowerSlope: Tensor
  readonly upperSlope: Tensor
  readonly lowerGap: Tensor
  readonly upperGap: Tensor
}

/**
 * A leaky ReLU at some points: f(z) = a z + (1 - a) relu(z), its numbers `[points, units]`, and a from 0 to 1 of each unit,
 * `[1, units]`; undefined where all are 0. What follows is few operations, since on small layers each takes as long as any.
 */
export interface LeakyAtPoints {
  readonly z: Tensor2D
  readonly leak: Tensor2D | undefined
}

/** Room for rounding in how far a line lies from the function, as a share of the interval: some units in the last place. */
const room = 2 ** -20

/** Below this a sum counts as 0 where it is divided by. */
export const least = 1e-37

/** 1 where the kink lies within the deviations, else 0. */
export function openOnes(z: Tensor2D, {below, above}: Sides): Tensor2D {
  return step(minimum(sub(below, z), add(above, z)))
}

/** 1 where the output of a ReLU can move, which is above 0 somewhere, else 0. */
export function movingOnes(z: Tensor2D, {above}: Sides): Tensor2D {
  return step(add(above, z))
}

/** a x + (1 - a) y of what a linear function and a ReLU give. */
function leaking(leak: Tensor2D | undefined, linear: Tensor | number, rectified: Tensor): Tensor {
  return leak ? add(mul(leak, linear), mul(sub(1, leak), rectified)) : rectified
}

/** Deviations of the outputs: a ReLU's fall by what is right of its kink, and rise by what gets there. */
export function imageOf({z, leak}: LeakyAtPoints, {below, above}: Sides): Sides {
  const [right, left] = [relu(z), relu(neg(z))]
  return {
    below: leaking(leak, below, minimum(below, right)) as Tensor2D,
    above: leaking(leak, above, sub(above, minimum(above, left))) as Tensor2D,
  }
}

/**
 * The lines of CROWN. With `left` and `right` what of the interval lies on either side of the kink, a ReLU's chord has the
 * slope s = right / (left + right), which is 0 or 1 where it is decided, and lies above it at z by
 *
 *     min(s below, (1 - s) above),
 *
 * and its tangent has the slope of the longer side.
 */
export function linesAcross({z, leak}: LeakyAtPoints, {below, above}: Sides): LineTensors {
  const left = relu(sub(below, z))
  const right = relu(add(above, z))
  const share = div(right, maximum(add(left, right), least))
  const longer = step(sub(right, left))
  const [atLeft, atRight] = [mul(share, below), mul(sub(1, share), above)]
  // The slope is rounded; open units alone need room for that.
  const open = step(minimum(left, right))
  const spare = mul(open, mul(add(below, above), room))
  return {
    lowerSlope: leaking(leak, 1, longer),
    upperSlope: leaking(leak, 1, share),
    lowerGap: leaking(leak, 0, abs(sub(relu(z), mul(longer, z)))),
    upperGap: add(leaking(leak, 0, minimum(atLeft, atRight)), spare),
  }
}
