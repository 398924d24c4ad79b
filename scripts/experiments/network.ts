import * as tf from '@tensorflow/tfjs'

/** The shape of a multilayer perceptron and the seed of its weights. */
export interface MlpOptions {
  readonly inputs: number
  readonly width: number
  readonly depth: number
  readonly classes: number
  readonly seed: number
}

/**
 * A multilayer perceptron with ReLU layers and a softmax output. Weights are drawn after He et al.
 * (arXiv:1502.01852), each layer with a seed of its own; biases begin at 0.
 *
 * @example
 * const model = buildMlp({inputs: 784, width: 128, depth: 3, classes: 10, seed: 1})
 */
export function buildMlp({inputs, width, depth, classes, seed}: MlpOptions): tf.Sequential {
  const layer = (index: number, units: number, activation: 'relu' | 'softmax') =>
    tf.layers.dense({
      name: activation === 'softmax' ? 'output' : `hidden-${index + 1}`,
      units,
      activation,
      kernelInitializer: tf.initializers.heNormal({seed: seed * 1000 + index}),
      ...(index === 0 && {inputShape: [inputs]}),
    })
  const hidden = Array.from({length: depth}, (_, index) => layer(index, width, 'relu'))
  return tf.sequential({layers: [...hidden, layer(depth, classes, 'softmax')]})
}
