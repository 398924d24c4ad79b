import {matMul, mul, type Tensor2D, type Tensor3D} from '@tensorflow/tfjs'
import type {AffineMap} from '../affine/affine-map.js'

/** A kink that rows passed, with one slope a unit, and the map that makes the numbers that it reads. */
export interface Passed {
  readonly map: AffineMap
  /** `[points, 1, units]` */
  readonly slopes: Tensor3D
}

/**
 * Inner products of the rows at the input of some numbers of a layer with those of all its numbers, all kinks on the way with
 * one slope a unit.
 *
 * With J the matrix that takes the input to the layer these are rows of J J^T. Rows that start here go back to the first layer
 * one after the other, through W W^T there, and forward again: products with few rows and the same matrix for all points, where
 * J J^T would take a product with another matrix for each point.
 *
 * @param picks one row a number, 1 at its place: `[points, rows, numbers]`
 * @param map that makes the layer's numbers
 * @param passed from the first kink to the last one before the layer
 * @param gram W W^T of the first map, where it is smaller than the map
 * @returns `[points, rows, numbers]`
 */
export function innerProducts(
  picks: Tensor3D,
  map: AffineMap,
  passed: readonly Passed[],
  gram: Tensor2D | undefined,
): Tensor3D {
  const [points, rows] = picks.shape
  const flat = (tensor: Tensor3D) => tensor.reshape([points * rows, -1]) as Tensor2D
  const kinked = (tensor: Tensor2D, {slopes}: Passed) =>
    flat(mul(tensor.reshape([points, rows, -1]), slopes) as Tensor3D)
  const maps = [...passed.map((item) => item.map), map]
  let found = flat(picks)
  for (let layer = passed.length; layer > 0; layer--) {
    found = kinked(maps[layer]!.adjoint(found)[0]!, passed[layer - 1]!)
  }
  found = gram ? matMul(found, gram) : maps[0]!.linear(maps[0]!.adjoint(found))
  passed.forEach((item, layer) => {
    found = maps[layer + 1]!.linear([kinked(found, item)])
  })
  return found.reshape([points, rows, map.outputSize])
}
