import * as tf from '@tensorflow/tfjs'
import {type Affine64, dense64} from './network64.js'

type Shape = readonly number[]

const linear = (tf.layers.dense({units: 1}) as unknown as {activation: object}).activation

/**
 * An affine layer as the matrix it is, found by running tf's own layer on unit vectors: nothing of how it
 * is computed is taken over. Its activation, if any, is left out.
 */
export function unrolled(layer: tf.layers.Layer, inputShape: Shape): Affine64 {
  const size = inputShape.reduce((a, b) => a * b, 1)
  const activated = layer as unknown as {activation?: object}
  const activation = activated.activation
  const found: {matrix?: ArrayLike<number>; bias?: ArrayLike<number>} = {}
  tf.tidy(() => {
    const run = (points: tf.Tensor) => {
      const output = layer.apply(points.reshape([-1, ...inputShape])) as tf.Tensor
      return output.reshape([points.shape[0]!, -1]).dataSync()
    }
    if (activation) activated.activation = linear
    found.bias = run(tf.zeros([1, size]))
    // Without the bias meanwhile, so that the weights come out unrounded.
    const weights = layer.getWeights().map((weight) => weight.clone())
    layer.setWeights(
      layer.weights.map(({name}, k) =>
        name.includes('bias') ? tf.zerosLike(weights[k]!) : weights[k]!,
      ),
    )
    // What a normalisation adds has another name.
    const added = run(tf.zeros([1, size]))
    found.matrix = run(tf.eye(size)).map((value, at) => value - added[at % added.length]!)
    layer.setWeights(weights)
    if (activation) activated.activation = activation
  })
  return dense64(found.matrix!, found.bias!)
}

/** The places that each window of a pool looks at: where a 1 among zeros is seen. */
export function windows(layer: tf.layers.Layer, inputShape: Shape): number[][] {
  const size = inputShape.reduce((a, b) => a * b, 1)
  return tf.tidy(() => {
    const eye = tf.eye(size).reshape([size, ...inputShape])
    const output = layer.apply(eye) as tf.Tensor
    const seen = output.reshape([size, -1]).arraySync() as number[][]
    return seen[0]!.map((_, unit) => seen.flatMap((row, place) => (row[unit] === 1 ? [place] : [])))
  })
}
