import {
  add,
  div,
  equal,
  greater,
  logicalAnd,
  logicalOr,
  maximum,
  minimum,
  mul,
  neg,
  relu,
  sub,
  type Tensor,
  type Tensor2D,
  tensor2d,
  where,
  zerosLike,
} from '@tensorflow/tfjs'
import type {Sides} from '../bounds/interval.js'

/** Lines of a layer as tensors, see `Lines`. */
export type LineTensors = {
  readonly lowerSlope: Tensor2D
  readonly upperSlope: Tensor2D
  readonly lowerGap: Tensor2D
  readonly upperGap: Tensor2D
}

/** A leaky ReLU at some points: its numbers `[points, units]` and its slopes left of 0, `[1, units]`, from 0 to 1. */
export interface LeakyAtPoints {
  readonly z: Tensor2D
  readonly slope: Tensor2D
}

/** Room for rounding in how far a line lies from the function, as a share of the interval: some units in the last place. */
const room = 2 ** -20

/** `where` of matrices. */
const either = (condition: Tensor2D, one: Tensor2D, other: Tensor2D) =>
  where<Tensor>(condition, one, other) as Tensor2D

/** Where the kink lies within the deviations. */
export function isOpen(z: Tensor2D, {below, above}: Sides): Tensor2D {
  return logicalAnd(greater(below, z), greater(above, neg(z))) as Tensor2D
}

/** Where a unit that is not open lies right of its kink. */
function isRight(z: Tensor2D, {above}: Sides): Tensor2D {
  return logicalOr(greater(z, 0), logicalAnd(equal(z, 0), greater(above, 0))) as Tensor2D
}

/** 1 where a unit passes anything on, of a kink whose other slope is 0. */
export function passingOn(z: Tensor2D, sides: Sides): Tensor2D {
  return logicalOr(isOpen(z, sides), isRight(z, sides)).toFloat() as Tensor2D
}

/** Deviations of the outputs, see `reach` of the leaky ReLU on the host; it holds for decided units too. */
export function imageOf({z, slope}: LeakyAtPoints, {below, above}: Sides): Sides {
  const downRight = minimum(below, relu(z))
  const upLeft = minimum(above, relu(neg(z)))
  return {
    below: add(downRight, mul(slope, sub(below, downRight))),
    above: add(mul(slope, upLeft), sub(above, upLeft)),
  }
}

/** The lines of CROWN: as `lines` of the leaky ReLU on the host, with room for the rounding of float32. */
export function linesAcross({z, slope}: LeakyAtPoints, sides: Sides): LineTensors {
  const {below, above} = sides
  const open = isOpen(z, sides)
  const one = tensor2d([1], [1, 1])
  const none = zerosLike(z)
  const [low, high] = [sub(z, below), add(z, above)]
  const decided = either(isRight(z, sides), one, slope)
  const value = maximum(z, mul(slope, z))
  const spare = mul(add(below, above), room)
  const gap = (exact: Tensor2D) => either(open, add(relu(exact), spare), none)
  // Where a unit is not open its width may be 0.
  const width = either(open, sub(high, low), one)
  const chord = either(open, div(sub(high, mul(slope, low)), width), decided)
  const tangent = either(open, either(greater(high, neg(low)), one, slope), decided)
  // The chord's slope is rounded, so its height is taken where it is needed most.
  const height = maximum(sub(high, mul(chord, above)), add(mul(slope, low), mul(chord, below)))
  return {
    lowerSlope: tangent,
    upperSlope: chord,
    lowerGap: gap(sub(value, mul(tangent, z))),
    upperGap: gap(sub(height, value)),
  }
}
