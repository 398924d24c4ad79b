import * as tf from '@tensorflow/tfjs'
import type {Draw} from './draw.js'
import type {Network64, Piece64} from './network64.js'

export type Shape = readonly number[]

/** A value of the network that is being built: in tf, and in float64. */
export interface Value {
  readonly tensor: tf.SymbolicTensor
  /** Without the batch dimension. */
  readonly shape: Shape
  /** Its number in `network64`. */
  readonly number: number
}

/** Builds the same network twice: of tf layers, and of pieces in float64. */
export interface NetworkBuilder {
  readonly random: Draw
  readonly input: Value
  readonly network64: Network64
  /**
   * Applies a layer to values and adds the pieces that do the same, which may need the layer built. The layer's
   * random weights are drawn here.
   */
  apply(
    layer: tf.layers.Layer,
    inputs: readonly Value[],
    pieces: (layer: tf.layers.Layer) => readonly Piece64[],
  ): Value
}

export function networkBuilder(random: Draw, inputShape: Shape): NetworkBuilder {
  const steps: Network64[number][] = []
  return {
    random,
    input: {tensor: tf.input({shape: [...inputShape]}), shape: inputShape, number: 0},
    network64: steps,
    apply: (layer, inputs, pieces) => {
      const tensors = inputs.map(({tensor}) => tensor)
      const tensor = layer.apply(tensors.length === 1 ? tensors[0]! : tensors) as tf.SymbolicTensor
      drawWeights(random, layer)
      let numbers = inputs.map(({number}) => number)
      for (const piece of pieces(layer)) {
        steps.push({inputs: numbers, piece})
        numbers = [steps.length]
      }
      if (numbers.length !== 1) throw new Error('several inputs need at least one piece')
      return {tensor, shape: tensor.shape.slice(1) as number[], number: numbers[0]!}
    },
  }
}

/** Kernels of He's scale, small biases, and averages and slopes that a trained network could have. */
function drawWeights(random: Draw, layer: tf.layers.Layer): void {
  const drawn = layer.weights.map(({name, shape}) => {
    const lengths = shape as number[]
    const size = lengths.reduce((a, b) => a * b, 1)
    const numbers = () => {
      if (name.includes('variance')) return () => random.between(0.2, 2)
      if (name.includes('kernel')) {
        const scale = Math.sqrt((2 * lengths.at(-1)!) / size)
        return () => random.normal() * scale
      }
      if (name.includes('gamma')) return () => random.between(-1.5, 1.5)
      return () => random.normal() * 0.4
    }
    const draw = numbers()
    return tf.tensor(Float32Array.from({length: size}, draw), lengths)
  })
  if (drawn.length > 0) layer.setWeights(drawn)
  tf.dispose(drawn)
}
