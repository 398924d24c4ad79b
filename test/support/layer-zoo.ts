import * as tf from '@tensorflow/tfjs'

/** A small model that ends in a kink, for each way of using each supported layer. */
export interface Specimen {
  readonly name: string
  readonly inputShape: readonly number[]
  build(seed: number): tf.LayersModel
}

type Apply = (x: tf.SymbolicTensor) => tf.SymbolicTensor

const image = [6, 5, 2]
const sequence = [7, 3]
const flat = [5]

/** A specimen whose layers follow each other. `make` draws its initial weights from `next`. */
function chain(
  name: string,
  inputShape: readonly number[],
  make: (next: () => object) => readonly tf.layers.Layer[],
): Specimen {
  return graph(name, inputShape, (next) => {
    const layers = make(next)
    return (x) => layers.reduce((value, layer) => layer.apply(value) as tf.SymbolicTensor, x)
  })
}

function graph(
  name: string,
  inputShape: readonly number[],
  make: (next: () => object) => Apply,
): Specimen {
  return {
    name,
    inputShape,
    build: (seed) => {
      let drawn = seed * 1000
      const initializer = () => tf.initializers.randomNormal({stddev: 0.6, seed: ++drawn})
      const next = () => ({
        kernelInitializer: initializer(),
        biasInitializer: initializer(),
        depthwiseInitializer: initializer(),
        pointwiseInitializer: initializer(),
      })
      const input = tf.input({shape: [...inputShape]})
      const model = tf.model({inputs: input, outputs: make(next)(input)})
      randomiseNormalisations(model, seed)
      return model
    },
  }
}

/** Moving averages start at 0 and 1 and slopes at 0: here every one differs. */
function randomiseNormalisations(model: tf.LayersModel, seed: number): void {
  model.layers.forEach((layer, index) => {
    if (!['BatchNormalization', 'PReLU'].includes(layer.getClassName())) return
    const weights = layer.getWeights()
    layer.setWeights(
      weights.map((w, k) =>
        layer.getClassName() === 'PReLU'
          ? tf.randomUniform(w.shape, -0.6, 1.6, 'float32', seed + index)
          : tf.randomUniform(w.shape, 0.3, 1.5, 'float32', seed + 10 * index + k),
      ),
    )
  })
}

const {layers} = tf
const relu = () => layers.reLU()
const merge = (layer: tf.layers.Layer, ...xs: tf.SymbolicTensor[]) =>
  layer.apply(xs) as tf.SymbolicTensor
const on = (layer: tf.layers.Layer, x: tf.SymbolicTensor) => layer.apply(x) as tf.SymbolicTensor
const conv = (next: () => object, filters: number, options: object = {}) =>
  layers.conv2d({filters, kernelSize: 3, padding: 'same', ...next(), ...options})

/** It refuses a kernelInitializer, even one that is undefined. */
const separable = (next: () => object) => {
  const {kernelInitializer: _, ...rest} = next() as Record<string, unknown>
  return rest
}

/** One specimen for each supported layer and setting. */
export const zoo: readonly Specimen[] = [
  chain('dense, relu', flat, (next) => [
    layers.dense({units: 6, activation: 'relu', ...next()}),
    layers.dense({units: 5, activation: 'relu', ...next()}),
  ]),
  chain('dense on a sequence', sequence, (next) => [
    layers.dense({units: 4, activation: 'relu', ...next()}),
    layers.dense({units: 3, activation: 'relu', ...next()}),
  ]),
  ...[-0.4, 0.2, 1.5].map((alpha) =>
    chain(`leaky slope ${alpha}`, flat, (next) => [
      layers.dense({units: 6, ...next()}),
      layers.leakyReLU({alpha}),
      layers.dense({units: 5, ...next()}),
      layers.leakyReLU({alpha}),
    ]),
  ),
  chain('prelu', flat, (next) => [
    layers.dense({units: 6, ...next()}),
    layers.prelu({}),
    layers.dense({units: 4, ...next()}),
    relu(),
  ]),
  chain('prelu with shared axes', image, (next) => [
    conv(next, 3),
    layers.prelu({sharedAxes: [1, 2]}),
    conv(next, 2),
    relu(),
  ]),
  chain('relu6', flat, (next) => [
    layers.dense({units: 6, activation: 'relu6', ...next()}),
    layers.dense({units: 5, activation: 'relu', ...next()}),
  ]),
  chain('relu with a maximum', flat, (next) => [
    layers.dense({units: 6, ...next()}),
    layers.reLU({maxValue: 0.7}),
    layers.dense({units: 5, ...next()}),
    layers.reLU({maxValue: 0.5}),
  ]),
  chain('hard sigmoid', flat, (next) => [
    layers.dense({units: 6, activation: 'hardSigmoid', ...next()}),
    layers.dense({units: 5, activation: 'relu', ...next()}),
  ]),
  chain('conv2d same', image, (next) => [
    conv(next, 3, {activation: 'relu'}),
    conv(next, 2, {activation: 'relu'}),
  ]),
  chain('conv2d valid with strides', image, (next) => [
    conv(next, 3, {activation: 'relu', padding: 'valid'}),
    conv(next, 2, {activation: 'relu', strides: 2, kernelSize: 2}),
  ]),
  chain('conv2d same with strides, even input', [6, 6, 1], (next) => [
    conv(next, 2, {activation: 'relu', strides: 2}),
    conv(next, 2, {activation: 'relu', strides: [2, 1]}),
  ]),
  chain('conv2d with dilation', image, (next) => [
    conv(next, 2, {activation: 'relu', dilationRate: 2}),
    conv(next, 2, {activation: 'relu', dilationRate: 2, kernelSize: 2, padding: 'valid'}),
  ]),
  chain('conv1d', sequence, (next) => [
    layers.conv1d({filters: 4, kernelSize: 3, padding: 'same', activation: 'relu', ...next()}),
    layers.conv1d({filters: 2, kernelSize: 2, strides: 2, activation: 'relu', ...next()}),
  ]),
  chain('conv1d with dilation', sequence, (next) => [
    layers.conv1d({filters: 3, kernelSize: 2, dilationRate: 2, activation: 'relu', ...next()}),
  ]),
  chain('depthwiseConv2d', image, (next) => [
    layers.depthwiseConv2d({kernelSize: 3, depthMultiplier: 2, padding: 'same', ...next()}),
    relu(),
    layers.depthwiseConv2d({kernelSize: 2, strides: [2, 2], ...next()}),
    relu(),
  ]),
  chain('separableConv2d', image, (next) => [
    layers.separableConv2d({filters: 3, kernelSize: 3, depthMultiplier: 2, ...separable(next)}),
    relu(),
    layers.separableConv2d({filters: 2, kernelSize: 2, padding: 'same', ...separable(next)}),
    relu(),
  ]),
  chain('batchNormalization after and before dense', flat, (next) => [
    layers.batchNormalization(),
    layers.dense({units: 6, ...next()}),
    layers.batchNormalization(),
    relu(),
    layers.batchNormalization({scale: false}),
    layers.dense({units: 5, ...next()}),
    layers.batchNormalization({center: false}),
    relu(),
  ]),
  chain('batchNormalization after and before conv2d', image, (next) => [
    conv(next, 3),
    layers.batchNormalization(),
    relu(),
    layers.batchNormalization(),
    conv(next, 2),
    layers.batchNormalization(),
    relu(),
    layers.batchNormalization(),
    relu(),
  ]),
  chain('averagePooling2d valid', image, (next) => [
    conv(next, 2, {activation: 'relu'}),
    layers.averagePooling2d({poolSize: 2}),
    conv(next, 2, {activation: 'relu'}),
  ]),
  chain('averagePooling2d same, overlapping', image, (next) => [
    layers.averagePooling2d({poolSize: 3, strides: 2, padding: 'same'}),
    conv(next, 2, {activation: 'relu'}),
    layers.averagePooling2d({poolSize: [2, 3], strides: [1, 2], padding: 'same'}),
    relu(),
  ]),
  chain('averagePooling1d', sequence, (next) => [
    layers.conv1d({filters: 3, kernelSize: 2, activation: 'relu', ...next()}),
    layers.averagePooling1d({poolSize: 2}),
    layers.dense({units: 2, activation: 'relu', ...next()}),
  ]),
  chain('globalAveragePooling', image, (next) => [
    conv(next, 4, {activation: 'relu'}),
    layers.globalAveragePooling2d({}),
    layers.dense({units: 3, activation: 'relu', ...next()}),
  ]),
  chain('globalAveragePooling1d', sequence, (next) => [
    layers.conv1d({filters: 3, kernelSize: 2, activation: 'relu', ...next()}),
    layers.globalAveragePooling1d(),
    layers.dense({units: 3, activation: 'relu', ...next()}),
  ]),
  chain('zeroPadding2d and cropping2d', image, (next) => [
    layers.zeroPadding2d({
      padding: [
        [1, 2],
        [0, 1],
      ],
    }),
    conv(next, 2, {activation: 'relu', padding: 'valid'}),
    layers.cropping2D({
      cropping: [
        [1, 0],
        [2, 1],
      ],
    }),
    conv(next, 2, {activation: 'relu'}),
  ]),
  ...(['nearest', 'bilinear'] as const).map((interpolation) =>
    chain(`upSampling2d ${interpolation}`, [3, 2, 2], (next) => [
      conv(next, 2, {activation: 'relu'}),
      layers.upSampling2d({size: [2, 3], interpolation} as never),
      conv(next, 2, {activation: 'relu'}),
    ]),
  ),
  chain('permute, reshape, flatten', image, (next) => [
    layers.permute({dims: [3, 1, 2]}),
    layers.reshape({targetShape: [10, 6]}),
    layers.dense({units: 2, activation: 'relu', ...next()}),
    layers.flatten(),
    layers.dense({units: 4, activation: 'relu', ...next()}),
  ]),
  chain('flatten channels first', [2, 3, 2], (next) => [
    layers.flatten({dataFormat: 'channelsFirst'}),
    layers.dense({units: 4, activation: 'relu', ...next()}),
  ]),
  chain('rescaling and train-only layers', image, (next) => [
    layers.rescaling({scale: 2.5, offset: -1}),
    layers.dropout({rate: 0.5}),
    layers.gaussianNoise({stddev: 1}),
    conv(next, 2, {activation: 'relu'}),
    layers.gaussianDropout({rate: 0.5}),
    layers.rescaling({scale: -0.5, offset: 0.1}),
    relu(),
  ]),
  chain('maxPooling2d', image, (next) => [
    conv(next, 2, {activation: 'relu'}),
    layers.maxPooling2d({poolSize: 2}),
    conv(next, 2, {activation: 'relu'}),
  ]),
  chain('maxPooling2d same, overlapping', image, (next) => [
    conv(next, 2),
    layers.maxPooling2d({poolSize: 3, strides: 2, padding: 'same'}),
    conv(next, 2, {activation: 'relu'}),
  ]),
  chain('maxPooling of the input', image, (next) => [
    layers.maxPooling2d({poolSize: 2}),
    conv(next, 2, {activation: 'relu'}),
  ]),
  chain('maxPooling1d', sequence, (next) => [
    layers.conv1d({filters: 3, kernelSize: 2, activation: 'relu', ...next()}),
    layers.maxPooling1d({poolSize: 2}),
    layers.flatten(),
    layers.dense({units: 3, activation: 'relu', ...next()}),
  ]),
  chain('globalMaxPooling', [4, 4, 1], (next) => [
    conv(next, 2),
    layers.globalMaxPooling2d({}),
    layers.dense({units: 3, activation: 'relu', ...next()}),
  ]),
  chain('globalMaxPooling1d', sequence, (next) => [
    layers.conv1d({filters: 3, kernelSize: 2, ...next()}),
    layers.globalMaxPooling1d({}),
    layers.dense({units: 3, activation: 'relu', ...next()}),
  ]),
  graph('maximum and minimum', flat, (next) => (x) => {
    const branch = () => on(layers.dense({units: 4, ...next()}), x)
    const large = merge(layers.maximum(), branch(), branch(), branch())
    const small = merge(layers.minimum(), branch(), branch())
    const both = merge(layers.concatenate(), large, small)
    return on(layers.dense({units: 3, activation: 'relu', ...next()}), both)
  }),
  graph('add, average', flat, (next) => (x) => {
    const a = on(layers.dense({units: 5, activation: 'relu', ...next()}), x)
    const b = on(layers.dense({units: 5, activation: 'relu', ...next()}), a)
    const sum = on(relu(), merge(layers.add(), a, b, x))
    const mean = merge(layers.average(), sum, b)
    return on(layers.dense({units: 3, activation: 'relu', ...next()}), mean)
  }),
  graph('concatenate along an inner axis', image, (next) => (x) => {
    const a = on(conv(next, 2, {activation: 'relu'}), x)
    const joined = merge(layers.concatenate({axis: 2}), a, x)
    return on(conv(next, 2, {activation: 'relu'}), joined)
  }),
  graph('concat of relu(z) and x', [1], (next) => (x) => {
    const a = on(layers.dense({units: 3, activation: 'relu', ...next()}), x)
    const joined = merge(layers.concatenate(), a, x)
    return on(layers.dense({units: 3, activation: 'relu', ...next()}), joined)
  }),
  graph('a residual block', image, (next) => (x) => {
    const stem = on(conv(next, 2, {activation: 'relu'}), x)
    const a = on(layers.batchNormalization(), on(conv(next, 2), stem))
    const b = on(layers.batchNormalization(), on(conv(next, 2), on(relu(), a)))
    const sum = on(relu(), merge(layers.add(), b, stem))
    const pooled = on(layers.globalAveragePooling2d({}), sum)
    return on(layers.dense({units: 3, activation: 'relu', ...next()}), pooled)
  }),
  graph('a nested model called twice', flat, (next) => (x) => {
    const inner = tf.sequential({
      layers: [
        layers.dense({units: 5, activation: 'relu', inputShape: flat, ...next()}),
        layers.dense({units: 5, ...next()}),
      ],
    })
    const once = inner.apply(x) as tf.SymbolicTensor
    const twice = inner.apply(on(relu(), once)) as tf.SymbolicTensor
    return on(relu(), merge(layers.add(), once, twice))
  }),
  graph('a shared layer', flat, (next) => (x) => {
    const shared = layers.dense({units: 5, activation: 'relu', ...next()})
    return on(shared, on(shared, x))
  }),
  chain('lenet', [8, 8, 1], (next) => [
    conv(next, 2, {activation: 'relu'}),
    layers.maxPooling2d({poolSize: 2}),
    conv(next, 3, {activation: 'relu'}),
    layers.maxPooling2d({poolSize: 2}),
    layers.flatten(),
    layers.dense({units: 6, activation: 'relu', ...next()}),
  ]),
]
