import {denseWeights} from '../affine/dense.js'
import {activationPieces} from './activation.js'
import {type LayerReader, Unreadable, weightValues} from './layer-reader.js'

/** Dense on inputs of rank 1, with the activation it carries. */
export const readDense: LayerReader = (layer, inputShapes) => {
  const [shape] = inputShapes
  if (shape?.length !== 1) {
    throw new Unreadable(
      `expected a flat input, got shape [${shape}]; put a Flatten layer before it`,
    )
  }
  const {units, activation} = layer.getConfig() as {units: number; activation?: unknown}
  const read = async () => {
    const [kernel, bias] = layer.getWeights()
    return denseWeights(
      await weightValues(kernel!),
      bias ? await weightValues(bias) : new Float64Array(units),
      shape[0]!,
    )
  }
  return [{kind: 'affine', source: {read}}, ...activationPieces(activation)]
}
