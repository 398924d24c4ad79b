import * as tf from '@tensorflow/tfjs'

/** The images that a LeNet takes, flattened, and the seed of its weights. */
export interface LenetOptions {
  /** Height and width of an image. */
  readonly shape: readonly number[]
  readonly classes: number
  readonly batchNormalization: boolean
  readonly seed: number
}

/**
 * A convolutional network after LeNet-5 (LeCun et al., 1998) with ReLU: 6 and 16 filters of 5 x 5, each
 * followed by average pooling of 2 x 2, then 120 and 84 units and a softmax. With batch normalisation
 * each ReLU comes after one. Weights are drawn after He et al. (arXiv:1502.01852), biases uniformly in
 * +/- 1 / sqrt(inputs of a unit): with biases of 0, every unit that sees nothing but a black background
 * would be at its kink, and each image on a region boundary.
 *
 * @example
 * const model = buildLenet({shape: [28, 28], classes: 10, batchNormalization: false, seed: 1})
 */
export function buildLenet(options: LenetOptions): tf.Sequential {
  const {shape, classes, batchNormalization, seed} = options
  const [height = 1, width = 1] = shape
  const {layers} = tf
  let index = 0
  const drawn = (inputs: number) => {
    const own = seed * 1000 + 2 * index++
    const reach = 1 / Math.sqrt(inputs)
    const biases = {minval: -reach, maxval: reach, seed: own + 1}
    return {
      kernelInitializer: tf.initializers.heNormal({seed: own}),
      biasInitializer: tf.initializers.randomUniform(biases),
    }
  }
  const relu = () => [
    // Its means are looked at after a few hundred updates: 0.99, the default, would lag behind.
    ...(batchNormalization ? [layers.batchNormalization({momentum: 0.9})] : []),
    layers.activation({activation: 'relu'}),
  ]
  const convolution = (channels: number, filters: number) => [
    layers.conv2d({filters, kernelSize: 5, ...drawn(25 * channels)}),
    ...relu(),
    layers.averagePooling2d({poolSize: 2}),
  ]
  const dense = (inputs: number, units: number) => [
    layers.dense({units, ...drawn(inputs)}),
    ...relu(),
  ]
  const last = 16 * pooledTwice(height) * pooledTwice(width)
  const model = tf.sequential()
  for (const layer of [
    layers.reshape({inputShape: [height * width], targetShape: [height, width, 1]}),
    ...convolution(1, 6),
    ...convolution(6, 16),
    layers.flatten(),
    ...dense(last, 120),
    ...dense(120, 84),
    layers.dense({units: classes, activation: 'softmax', ...drawn(84)}),
  ])
    model.add(layer)
  return model
}

/** A side of the image after two convolutions of 5 x 5 and poolings of 2 x 2. */
const pooledTwice = (side: number) => Math.floor((Math.floor((side - 4) / 2) - 4) / 2)
