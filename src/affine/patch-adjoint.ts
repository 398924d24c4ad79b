import {matMul, type Tensor2D, tensor2d} from '@tensorflow/tfjs'
import type {Keep} from './affine-map.js'
import {convAdjoint} from './conv-adjoint.js'
import {type AxisGeometry, type ConvGeometry, writtenOut} from './conv-geometry.js'

/**
 * Written out, a convolution takes more products than its taps need, but those are faster: the more so the fewer channels it
 * has to give, of which a convolution makes a few at a time. By as much where a patch has at most so many times the places of a
 * window over the root of the channels, with stride 1: between what was measured on native TensorFlow (from 20 of one channel
 * to 3 of 32) and on WASM (13 of one, 3 of 16).
 */
const fasterWrittenOut = 12

/** Written out it has at most so many entries. */
const mostEntries = 2 ** 21

/** Of so few entries a product is over before a convolution has begun: padding, phases and their joining take most of its time. */
const soonDone = 2 ** 14

/**
 * The adjoint of a convolution between patches of images, made once for each pair of sizes.
 *
 * @returns `[rows, out]` -> rows W, `[rows, in]`, for patches as the geometry of each axis says
 */
export function patchAdjoint(kernel: Float64Array, geometry: ConvGeometry, keep: Keep) {
  const known = new Map<string, (rows: Tensor2D) => Tensor2D>()
  return (height: AxisGeometry, width: AxisGeometry, rows: Tensor2D): Tensor2D => {
    const key = [height, width]
      .map(({input, output, before}) => `${input} ${output} ${before}`)
      .join()
    const found = known.get(key) ?? make(kernel, {...geometry, height, width}, keep)
    known.set(key, found)
    return found(rows)
  }
}

function make(kernel: Float64Array, geometry: ConvGeometry, keep: Keep) {
  const {height, width, inputChannels, outputChannels} = geometry
  const inputs = height.input * width.input * inputChannels
  const outputs = height.output * width.output * outputChannels
  const more = (height.input * width.input) / (height.window * width.window)
  const most = fasterWrittenOut * Math.sqrt((height.stride * width.stride) / inputChannels)
  const entries = inputs * outputs
  if (entries > soonDone && (more > most || entries > mostEntries))
    return convAdjoint(kernel, geometry, keep)
  const matrix = keep(tensor2d(writtenOut(kernel, geometry), [outputs, inputs]))
  return (rows: Tensor2D): Tensor2D => matMul(rows, matrix)
}
