import * as tf from '@tensorflow/tfjs'
import {loadImages} from '../data/load.js'
import {buildMlp} from '../experiments/network.js'
import {withSeededRandom} from '../experiments/seeded-random.js'

/** A network to time, and the shape of its points. */
export interface BenchNetwork {
  readonly name: string
  readonly inputShape: readonly number[]
  readonly points: number
  /** Which measurements are timed on it; all by default. */
  readonly measures?: readonly string[]
  build(): Promise<tf.LayersModel>
}

const {layers} = tf
const seeded = (seed: number) => ({kernelInitializer: tf.initializers.heNormal({seed})})

/** Multilayer perceptrons at initialisation and after three epochs on the embedded images. */
export const perceptrons: readonly BenchNetwork[] = [
  mlp(3, 256, 0),
  mlp(3, 256, 3),
  mlp(5, 256, 0),
  mlp(5, 256, 3),
]

const measures = ['distance l2', 'distance linf', 'spectral, r = 0.01']
const withCombined = [...measures, 'combined, r = 0.01']
const images = {inputShape: [32, 32, 3], points: 64}

/** Convolutional networks on 32 x 32 x 3 images, and one with max pooling on 28 x 28, at initialisation. */
export const convolutional: readonly BenchNetwork[] = [
  {
    name: 'CNN, 3 conv and 2 dense',
    ...images,
    measures: withCombined,
    build: async () => cnn(),
  },
  // Two seconds a point by combined: thousands of units are unstable at each.
  {name: 'ResNet-8', ...images, measures, build: async () => resnet8()},
  {
    name: 'CNN, 2 conv and 2 max pools',
    inputShape: [28, 28, 1],
    points: 64,
    measures: withCombined,
    build: async () => poolingCnn(),
  },
]

/** A perceptron of `depth` hidden layers, trained for some epochs. */
export function mlp(depth: number, width: number, epochs: number, inputs = 784): BenchNetwork {
  const state = epochs === 0 ? 'at initialisation' : `after ${epochs} epochs`
  return {
    name: `${inputs}-[${width}x${depth}] ${state}`,
    inputShape: [inputs],
    points: 256,
    build: async () => {
      const model = buildMlp({inputs, width, depth, classes: 10, seed: 1})
      if (epochs > 0) await trainOnImages(model, epochs)
      return model
    },
  }
}

async function trainOnImages(model: tf.LayersModel, epochs: number): Promise<void> {
  const {images, labels, count} = loadImages().train
  const x = tf.tensor2d(images, [count, images.length / count])
  const y = tf.oneHot(tf.tensor1d(labels, 'int32'), 10)
  model.compile({optimizer: 'adam', loss: 'categoricalCrossentropy'})
  await withSeededRandom('bench', () => model.fit(x, y, {epochs, batchSize: 32, verbose: 0}))
  tf.dispose([x, y])
}

/** A small convolutional network on 28 x 28 images, as one would train it here. */
export function imageCnn(): tf.LayersModel {
  const conv = (filters: number, options = {}) =>
    layers.conv2d({
      filters,
      kernelSize: 3,
      strides: 2,
      padding: 'same',
      activation: 'relu',
      ...seeded(filters),
      ...options,
    })
  return tf.sequential({
    layers: [
      conv(8, {inputShape: [28, 28, 1]}),
      conv(16),
      layers.flatten(),
      layers.dense({units: 64, activation: 'relu', ...seeded(5)}),
      layers.dense({units: 10, activation: 'softmax', ...seeded(6)}),
    ],
  })
}

function cnn(): tf.LayersModel {
  const conv = (filters: number, strides: number, options = {}) =>
    layers.conv2d({
      filters,
      kernelSize: 3,
      strides,
      padding: 'same',
      activation: 'relu',
      ...seeded(filters),
      ...options,
    })
  return tf.sequential({
    layers: [
      conv(16, 1, {inputShape: [32, 32, 3]}),
      conv(32, 2),
      conv(32, 2),
      layers.flatten(),
      layers.dense({units: 64, activation: 'relu', ...seeded(5)}),
      layers.dense({units: 10, ...seeded(6)}),
    ],
  })
}

function poolingCnn(): tf.LayersModel {
  const conv = (filters: number, options = {}) =>
    layers.conv2d({filters, kernelSize: 5, activation: 'relu', ...seeded(filters), ...options})
  return tf.sequential({
    layers: [
      conv(8, {inputShape: [28, 28, 1]}),
      layers.maxPooling2d({poolSize: 2}),
      conv(16),
      layers.maxPooling2d({poolSize: 2}),
      layers.flatten(),
      layers.dense({units: 10, ...seeded(6)}),
    ],
  })
}

function resnet8(): tf.LayersModel {
  let seed = 10
  const apply = (layer: tf.layers.Layer, x: tf.SymbolicTensor | tf.SymbolicTensor[]) =>
    layer.apply(x) as tf.SymbolicTensor
  const conv = (x: tf.SymbolicTensor, filters: number, strides: number, kernelSize = 3) =>
    apply(
      layers.batchNormalization(),
      apply(layers.conv2d({filters, kernelSize, strides, padding: 'same', ...seeded(seed++)}), x),
    )
  const relu = (x: tf.SymbolicTensor) => apply(layers.reLU(), x)
  const block = (x: tf.SymbolicTensor, filters: number, strides: number) => {
    const inner = conv(relu(conv(x, filters, strides)), filters, 1)
    const shortcut = strides === 1 ? x : conv(x, filters, strides, 1)
    return relu(apply(layers.add(), [inner, shortcut]))
  }
  const inputs = tf.input({shape: [32, 32, 3]})
  let x = relu(conv(inputs, 16, 1))
  for (const [filters, strides] of [
    [16, 1],
    [32, 2],
    [64, 2],
  ] as const)
    x = block(x, filters, strides)
  const pooled = apply(layers.globalAveragePooling2d({}), x)
  const outputs = apply(layers.dense({units: 10, ...seeded(seed)}), pooled)
  return tf.model({inputs, outputs})
}
