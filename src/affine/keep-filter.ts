import {type Tensor4D, tensor4d} from '@tensorflow/tfjs'
import type {Keep} from './affine-map.js'
import type {ConvGeometry} from './conv-geometry.js'

/** A kernel on the backend, `[height, width, in, out]`. */
export function keepFilter(values: Float64Array, geometry: ConvGeometry, keep: Keep): Tensor4D {
  const {height, width, inputChannels, outputChannels} = geometry
  return keep(
    tensor4d(new Float32Array(values), [
      height.window,
      width.window,
      inputChannels,
      outputChannels,
    ]),
  )
}
