import {add, mul, sub, type Tensor2D, tensor2d, tidy, zeros} from '@tensorflow/tfjs'
import type {AffineMap} from '../affine/affine-map.js'
import {knownAtMost} from '../common/known-at-most.js'
import {readOut} from '../common/read-out.js'
import type {Deviations} from '../kinks/kink.js'

/**
 * Interval arithmetic across an affine map, as deviations from the center: with m = (above - below) / 2 and
 * w = (above + below) / 2 of the inputs, the outputs stay within W m -/+ |W| w. Straight from the ball
 * of the input (undefined deviations) it is exact: r times the length of each row.
 *
 * @param inputs per input of the map, `[points x in]`; undefined for the l2 ball itself
 * @param radius of each point's ball
 * @param inflation room for rounding, as a factor of the width: what is left of it after subtracting W m may be
 *   much smaller than its error
 */
export async function intervalAcross(
  map: AffineMap,
  inputs: readonly (Deviations | undefined)[],
  radius: Float64Array,
  inflation: number,
): Promise<Deviations> {
  const count = radius.length
  if (inputs.every((input) => input === undefined)) return ofBall(map, radius, inflation)
  const both = tidy(() => {
    const sides = inputs.map((input, i) => {
      const upload = (values: Float32Array) => tensor2d(values, [count, map.inputSizes[i]!])
      return input && {below: upload(input.below), above: upload(input.above)}
    })
    return sidesAcross(map, sides, tensor2d(new Float32Array(radius), [count, 1]), inflation)
  })
  const [below, above] = await readOut([both.below, both.above])
  return {below: knownAtMost(below!), above: knownAtMost(above!)}
}

/** Deviations as tensors, `[points, units]`. */
export type Sides = {
  readonly below: Tensor2D
  readonly above: Tensor2D
}

/** The same of tensors, with one for the radius: `[points, 1]`. */
export function sidesAcross(
  map: AffineMap,
  inputs: readonly (Sides | undefined)[],
  radius: Tensor2D,
  inflation: number,
): Sides {
  return tidy(() => {
    const halves = inputs.map((input, i): [Tensor2D, Tensor2D] => {
      if (!input) {
        const none = (): Tensor2D => zeros([radius.shape[0], map.inputSizes[i]!])
        return [none(), none()]
      }
      const {below, above} = input
      return [mul(sub(above, below), 0.5), mul(add(above, below), 0.5)]
    })
    const middle = map.linear(halves.map(([m]) => m))
    let width = map.absolute(halves.map(([, w]) => w))
    inputs.forEach((input, i) => {
      if (input) return
      const norms = tensor2d(new Float32Array(map.rowNorms[i]!), [1, map.outputSize])
      width = add(width, mul(radius, norms))
    })
    const wide = mul(width, inflation) as Tensor2D
    return {below: sub(wide, middle), above: add(wide, middle)}
  })
}

/** Straight from the ball: r times the length of each row. */
function ofBall(map: AffineMap, radius: Float64Array, inflation: number): Deviations {
  const size = map.outputSize
  const reach = new Float32Array(radius.length * size)
  for (const norms of map.rowNorms) {
    for (let point = 0, at = 0; point < radius.length; point++) {
      const factor = radius[point]! * inflation
      for (let unit = 0; unit < size; unit++, at++) reach[at]! += factor * norms[unit]!
    }
  }
  return {below: reach, above: reach}
}
