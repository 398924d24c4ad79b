import {type AffineValues, inputValues} from './affine-values.js'

/** Coordinates in which a ball has its center at the origin and radius 1. */
export function ballCoordinates(center: Float64Array, radius: number): AffineValues {
  const axes = Array.from(center, (_, axis) => {
    const direction = new Float64Array(center.length)
    direction[axis] = radius
    return direction
  })
  return inputValues(center, axes)
}
