import {type Tensor3D, tensor3d} from '@tensorflow/tfjs'

/** What an array over all points, `[all points x units]`, holds of some of them, as `[points, 1, units]`. */
export function linesOfPoints(values: Float32Array, units: number, points: Int32Array): Tensor3D {
  const taken = new Float32Array(points.length * units)
  for (let p = 0; p < points.length; p++) {
    const start = points[p]! * units
    taken.set(values.subarray(start, start + units), p * units)
  }
  return tensor3d(taken, [points.length, 1, units])
}
