import * as tf from '@tensorflow/tfjs'

const {layers} = tf

/** Images of 32 x 32 pixels in three colours. */
export const imageShape = [32, 32, 3] as const

/** Initial weights that are the same on every machine. */
function initializers() {
  let seed = 0
  return () => ({kernelInitializer: tf.initializers.heNormal({seed: ++seed})})
}

const apply = (layer: tf.layers.Layer, x: tf.SymbolicTensor | tf.SymbolicTensor[]) =>
  layer.apply(x) as tf.SymbolicTensor

/** Three convolutions and two dense layers. */
function convolutional(): tf.LayersModel {
  const next = initializers()
  const conv = (filters: number, strides: number) =>
    layers.conv2d({
      filters,
      kernelSize: 3,
      strides,
      padding: 'same',
      activation: 'relu',
      ...next(),
    })
  return tf.sequential({
    layers: [
      layers.inputLayer({inputShape: [...imageShape]}),
      conv(16, 1),
      conv(32, 2),
      conv(32, 2),
      layers.flatten(),
      layers.dense({units: 64, activation: 'relu', ...next()}),
      layers.dense({units: 10, activation: 'softmax', ...next()}),
    ],
  })
}

/** ResNet-8: a stem and three residual blocks, the last two of which halve the image. */
function residual(): tf.LayersModel {
  const next = initializers()
  const conv = (x: tf.SymbolicTensor, filters: number, kernelSize: number, strides: number) => {
    const layer = layers.conv2d({
      filters,
      kernelSize,
      strides,
      padding: 'same',
      useBias: false,
      ...next(),
    })
    return apply(layers.batchNormalization(), apply(layer, x))
  }
  const relu = (x: tf.SymbolicTensor) => apply(layers.reLU(), x)
  const block = (x: tf.SymbolicTensor, filters: number, strides: number) => {
    const within = conv(relu(conv(x, filters, 3, strides)), filters, 3, 1)
    const shortcut = strides === 1 ? x : conv(x, filters, 1, strides)
    return relu(apply(layers.add(), [within, shortcut]))
  }
  const inputs = tf.input({shape: [...imageShape]})
  const stem = relu(conv(inputs, 8, 3, 1))
  const features = block(block(block(stem, 8, 1), 16, 2), 32, 2)
  const pooled = apply(layers.globalAveragePooling2d({}), features)
  const outputs = apply(layers.dense({units: 10, activation: 'softmax', ...next()}), pooled)
  return tf.model({inputs, outputs})
}

/** Networks for images as in CIFAR-10, with seeded weights. */
export const imageNetworks = {convolutional, residual}
