import {diagonalWeights} from '../affine/diagonal.js'
import {type LayerReader, Unreadable, weightValues} from './layer-reader.js'

/**
 * BatchNormalization in inference form, with the moving averages:
 * gamma (x - mean) / sqrt(variance + epsilon) + beta, over the last axis.
 */
export const readBatchNormalization: LayerReader = (layer, inputShapes) => {
  const shape = inputShapes[0]!
  const {axis, epsilon, center, scale} = layer.getConfig() as {
    axis?: number | readonly number[]
    epsilon: number
    center: boolean
    scale: boolean
  }
  // Keras writes a list of one.
  const [last = -1] = [axis].flat()
  if (last !== -1 && last !== shape.length) {
    throw new Unreadable(`expected the last axis, got axis ${axis} of an input [${shape}]`)
  }
  const read = async () => {
    const weights = await Promise.all(layer.getWeights().map(weightValues))
    const gamma = scale ? weights.shift() : undefined
    const beta = center ? weights.shift() : undefined
    const [mean, variance] = weights as [Float64Array, Float64Array]
    const channels = mean.length
    const units = shape.reduce((a, b) => a * b, 1)
    const factor = variance.map((v, c) => (gamma?.[c] ?? 1) / Math.sqrt(v + epsilon))
    const shift = mean.map((m, c) => (beta?.[c] ?? 0) - m * factor[c]!)
    const spread = (values: Float64Array) =>
      Float64Array.from({length: units}, (_, unit) => values[unit % channels]!)
    return diagonalWeights(spread(factor), spread(shift))
  }
  return [{kind: 'affine', source: {read}}]
}
