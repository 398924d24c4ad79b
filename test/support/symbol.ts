import {EigenvalueDecomposition, Matrix} from 'ml-matrix'
import {axisGeometry, type ConvGeometry} from '../../src/affine/conv-geometry.js'

export type Sides = readonly [number, number]

/** A valid convolution of images of 20 x 20. */
export function geometryOf(window: Sides, strides: Sides, channels: Sides): ConvGeometry {
  return {
    height: axisGeometry(20, window[0], strides[0], 'valid'),
    width: axisGeometry(20, window[1], strides[1], 'valid'),
    inputChannels: channels[0],
    outputChannels: channels[1],
    taps: window[0] * window[1],
  }
}

/** The norm of an infinite convolution on waves: inputs e^(i at . u) at the places u of each phase apart. */
export function symbolNormAt(kernel: Float64Array, geometry: ConvGeometry, at: Sides): number {
  const {height, width, inputChannels, outputChannels} = geometry
  const phases = height.stride * width.stride
  const columns = phases * inputChannels
  const [re, im] = [Matrix.zeros(outputChannels, columns), Matrix.zeros(outputChannels, columns)]
  for (let i = 0; i < height.window; i++) {
    for (let j = 0; j < width.window; j++) {
      const angle = at[0] * Math.floor(i / height.stride) + at[1] * Math.floor(j / width.stride)
      const phase = (i % height.stride) * width.stride + (j % width.stride)
      for (let a = 0; a < inputChannels; a++) {
        for (let b = 0; b < outputChannels; b++) {
          const w = kernel[((i * width.window + j) * inputChannels + a) * outputChannels + b]!
          const column = phase * inputChannels + a
          re.set(b, column, re.get(b, column) + w * Math.cos(angle))
          im.set(b, column, im.get(b, column) + w * Math.sin(angle))
        }
      }
    }
  }
  // The Gram matrix of [[re, -im], [im, re]] has each eigenvalue twice.
  const both = Matrix.zeros(2 * outputChannels, 2 * columns)
  both.setSubMatrix(re, 0, 0).setSubMatrix(re, outputChannels, columns)
  both.setSubMatrix(im, outputChannels, 0).setSubMatrix(Matrix.mul(im, -1), 0, columns)
  const gram = both.mmul(both.transpose())
  const values = new EigenvalueDecomposition(gram, {assumeSymmetric: true}).realEigenvalues
  return Math.sqrt(Math.max(...values))
}
