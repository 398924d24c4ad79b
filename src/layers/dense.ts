import {convWeights} from '../affine/conv2d.js'
import {denseWeights} from '../affine/dense.js'
import {activationPieces} from './activation.js'
import {type LayerReader, sizeOf, weightValues} from './layer-reader.js'

/** Dense with the activation it carries; on inputs of higher rank it acts on the last axis. */
export const readDense: LayerReader = (layer, inputShapes, outputShape) => {
  const shape = inputShapes[0]!
  const inputs = shape.at(-1)!
  const {units, activation} = layer.getConfig() as {units: number; activation?: unknown}
  const read = async () => {
    const [kernel, bias] = layer.getWeights()
    const kernelValues = await weightValues(kernel!)
    const biasValues = bias ? await weightValues(bias) : new Float64Array(units)
    if (shape.length === 1) return denseWeights(kernelValues, biasValues, inputs)
    return convWeights(kernelValues, biasValues, {
      inputShape: [1, sizeOf(shape) / inputs, inputs],
      kernelShape: [1, 1, inputs, units],
      strides: [1, 1],
      dilation: [1, 1],
      padding: 'valid',
    })
  }
  return [{kind: 'affine', source: {read}}, ...activationPieces(activation, outputShape)]
}
