import * as tf from '@tensorflow/tfjs'
import type {NetworkBuilder, Shape, Value} from './network-builder.js'
import {
  type Affine64,
  clipped64,
  leaky64,
  type Maximum64,
  type Piece64,
  scale64,
} from './network64.js'
import {unrolled, windows} from './unroll.js'

/** A type of layer that random networks are made of. A new type is one more entry of `layerTypes`. */
interface LayerType {
  /** Whether it can follow values of this shape (without the batch dimension). */
  fits(shape: Shape): boolean
  /** Draws one and applies it. */
  add(builder: NetworkBuilder, value: Value): Value
}

const {layers} = tf
const size = (shape: Shape) => shape.reduce((a, b) => a * b, 1)
const any = () => true
const sequence = (shape: Shape) => shape.length === 2 && shape[0]! > 1
/** An image of at least 2 x 2 pixels. */
const image = (shape: Shape) => shape.length === 3 && shape[0]! > 1 && shape[1]! > 1
/** All of it is done in plain loops too, so values stay small. */
const small = (shape: Shape, growth = 2) => size(shape) * growth <= 64
const pair = ({random}: NetworkBuilder, low: number, high: number): [number, number] => [
  random.whole(low, high),
  random.whole(low, high),
]

/** A layer that only changes the shape in inference. */
function unchanged(fits: LayerType['fits'], make: (shape: Shape) => tf.layers.Layer): LayerType {
  return {fits, add: (builder, value) => builder.apply(make(value.shape), [value], () => [])}
}

/** An affine layer, with the kinks of the activation that it carries. */
function affine(
  fits: LayerType['fits'],
  make: (builder: NetworkBuilder, shape: Shape) => tf.layers.Layer,
  ...kinks: readonly Piece64[]
): LayerType {
  return {
    fits,
    add: (builder, value) =>
      builder.apply(make(builder, value.shape), [value], (layer) => [
        unrolled(layer, value.shape),
        ...kinks,
      ]),
  }
}

function kinked(make: () => tf.layers.Layer, ...kinks: readonly Piece64[]): LayerType {
  return {fits: any, add: (builder, value) => builder.apply(make(), [value], () => kinks)}
}

function pool(
  fits: LayerType['fits'],
  make: (builder: NetworkBuilder) => tf.layers.Layer,
): LayerType {
  return {
    fits,
    add: (builder, value) =>
      builder.apply(make(builder), [value], (layer) => [
        {kind: 'maximum', groups: windows(layer, value.shape)},
      ]),
  }
}

/** Two values of one shape, merged: branches of a dense layer with or without a kink, or the value itself. */
function merged(
  make: () => tf.layers.Layer,
  pieces: (shape: Shape) => readonly Piece64[],
): LayerType {
  return {
    fits: small,
    add: (builder, value) => {
      const units = value.shape.at(-1)!
      const linear = affine(any, () => layers.dense({units}))
      const branch = () => {
        const through = linear.add(builder, value)
        return builder.random.pick([true, false])
          ? layerTypes.leakyReLU!.add(builder, through)
          : through
      }
      const first = builder.random.pick([true, false]) ? value : branch()
      return builder.apply(make(), [first, branch()], () => pieces(value.shape))
    },
  }
}

/** The first half of the units and the second, each times a number, added up. */
function sum(shape: Shape, factor: number): Affine64 {
  const units = size(shape)
  return {
    kind: 'affine',
    apply: (rows) =>
      rows
        .slice(0, units)
        .map((row, unit) => row.map((v, c) => factor * (v + rows[unit + units]![c]!))),
  }
}

/** Two lists of units, joined along the last axis of their shape. */
function joined(shape: Shape): Affine64 {
  const last = shape.at(-1)!
  const units = size(shape)
  return {
    kind: 'affine',
    apply: (rows) =>
      Array.from({length: 2 * units}, (_, at) => {
        const [block, place] = [Math.floor(at / (2 * last)), at % (2 * last)]
        return rows[place < last ? block * last + place : units + block * last + place - last]!
      }),
  }
}

function largest(shape: Shape): Maximum64 {
  const units = size(shape)
  return {
    kind: 'maximum',
    groups: Array.from({length: units}, (_, unit) => [unit, unit + units]),
  }
}

const negated = scale64([-1], [0])

const relu = leaky64(0)
const dense = (options: object = {}) => {
  return ({random}: NetworkBuilder) => layers.dense({units: random.whole(2, 6), ...options})
}
function window(builder: NetworkBuilder) {
  const padding = builder.random.pick(['same', 'valid'] as const)
  return {
    // Three are padded before the image too, where they fit over an edge.
    poolSize: pair(builder, 1, padding === 'same' ? 3 : 2),
    strides: pair(builder, 1, 2),
    padding,
  }
}

const windowOf1d = ({random}: NetworkBuilder) => ({
  poolSize: 2,
  strides: random.whole(1, 2),
  padding: random.pick(['same', 'valid'] as const),
})

function convolution(builder: NetworkBuilder, shape: Shape) {
  const {random} = builder
  const dilated = random.pick([true, false, false])
  const padding = random.pick(['same', 'valid'] as const)
  const most = (axis: number) => (padding === 'same' && !dilated ? 3 : Math.min(2, shape[axis]!))
  return {
    kernelSize: [random.whole(1, most(0)), random.whole(1, most(1))] as [number, number],
    padding,
    ...(dilated && padding === 'same'
      ? {dilationRate: pair(builder, 1, 2)}
      : {strides: pair(builder, 1, 2)}),
  }
}

export const layerTypes: Readonly<Record<string, LayerType>> = {
  dense: affine((shape) => small(shape, 3), dense()),
  denseWithoutBias: affine((shape) => small(shape, 3), dense({useBias: false})),
  denseRelu: affine((shape) => small(shape, 3), dense({activation: 'relu'}), relu),
  denseRelu6: affine((shape) => small(shape, 3), dense({activation: 'relu6'}), clipped64(0, 6)),
  reLU: kinked(() => layers.reLU(), relu),
  activation: kinked(() => layers.activation({activation: 'relu'}), relu),
  reLUWithMaximum: kinked(() => layers.reLU({maxValue: 0.75}), clipped64(0, 0.75)),
  hardSigmoid: kinked(
    () => layers.activation({activation: 'hardSigmoid'}),
    clipped64(-2.5, 2.5, 0.2, 0.5),
  ),
  leakyReLU: {
    fits: any,
    add: (builder, value) => {
      const alpha = builder.random.pick([-0.5, -0.1, 0, 0.01, 0.2, 0.7, 1.5])
      return builder.apply(layers.leakyReLU({alpha}), [value], () => [leaky64(alpha)])
    },
  },
  prelu: {
    fits: any,
    add: (builder, value) =>
      builder.apply(layers.prelu(), [value], (layer) => {
        const alpha = layer.getWeights()[0]!.dataSync()
        return [leaky64((unit) => alpha[unit]!)]
      }),
  },
  batchNormalization: {
    fits: any,
    add: (builder, value) =>
      builder.apply(layers.batchNormalization({epsilon: 1e-3}), [value], (layer) => {
        const [gamma, beta, mean, variance] = layer.getWeights().map((weight) => weight.dataSync())
        const scale = Array.from(gamma!, (g, c) => g / Math.sqrt(variance![c]! + 1e-3))
        return [
          scale64(
            scale,
            Array.from(beta!, (b, c) => b - mean![c]! * scale[c]!),
          ),
        ]
      }),
  },
  rescaling: {
    fits: any,
    add: (builder, value) => {
      const [scale, offset] = [builder.random.between(-2, 2), builder.random.normal()]
      return builder.apply(layers.rescaling({scale, offset}), [value], () => [
        scale64([scale], [offset]),
      ])
    },
  },
  dropout: unchanged(any, () => layers.dropout({rate: 0.5})),
  flatten: unchanged(
    (shape) => shape.length > 1,
    () => layers.flatten(),
  ),
  flattenChannelsFirst: affine(
    (shape) => shape.length > 1,
    () => layers.flatten({dataFormat: 'channelsFirst'}),
  ),
  toSequence: unchanged(
    (shape) => shape.length === 1 && size(shape) % 2 === 0,
    (shape) => layers.reshape({targetShape: [2, size(shape) / 2]}),
  ),
  toImage: unchanged(
    (shape) => shape.length < 3 && size(shape) % 4 === 0,
    (shape) => layers.reshape({targetShape: [2, 2, size(shape) / 4]}),
  ),
  permute: affine(
    (shape) => shape.length === 3,
    ({random}) =>
      layers.permute({
        dims: random.pick([
          [2, 1, 3],
          [3, 1, 2],
          [2, 3, 1],
        ]),
      }),
  ),
  conv2d: affine(
    (shape) => image(shape) && small(shape),
    (builder, shape) =>
      layers.conv2d({filters: builder.random.whole(1, 3), ...convolution(builder, shape)}),
  ),
  conv2dRelu: affine(
    (shape) => image(shape) && small(shape),
    (builder, shape) =>
      layers.conv2d({
        filters: builder.random.whole(1, 3),
        activation: 'relu',
        ...convolution(builder, shape),
      }),
    relu,
  ),
  conv1d: affine(
    (shape) => sequence(shape) && small(shape),
    ({random}) =>
      layers.conv1d({
        filters: random.whole(1, 3),
        kernelSize: 2,
        strides: random.whole(1, 2),
        padding: random.pick(['same', 'valid']),
      }),
  ),
  depthwiseConv2d: affine(
    (shape) => image(shape) && small(shape),
    ({random}) =>
      layers.depthwiseConv2d({
        kernelSize: 2,
        depthMultiplier: random.whole(1, 2),
        strides: random.pick([
          [1, 1],
          [2, 2],
        ]) as [number, number],
        padding: random.pick(['same', 'valid']),
      }),
  ),
  separableConv2d: affine(
    (shape) => image(shape) && small(shape),
    ({random}) =>
      layers.separableConv2d({
        filters: random.whole(1, 3),
        kernelSize: 2,
        depthMultiplier: random.whole(1, 2),
        padding: random.pick(['same', 'valid']),
      }),
  ),
  averagePooling2d: affine(image, (builder) => layers.averagePooling2d(window(builder))),
  averagePooling1d: affine(sequence, (builder) => layers.averagePooling1d(windowOf1d(builder))),
  globalAveragePooling2d: affine(image, () => layers.globalAveragePooling2d({})),
  globalAveragePooling1d: affine(sequence, () => layers.globalAveragePooling1d({})),
  maxPooling2d: pool(image, (builder) => layers.maxPooling2d(window(builder))),
  maxPooling1d: pool(sequence, (builder) => layers.maxPooling1d(windowOf1d(builder))),
  globalMaxPooling2d: pool(image, () => layers.globalMaxPooling2d({})),
  globalMaxPooling1d: pool(sequence, () => layers.globalMaxPooling1d({})),
  zeroPadding2d: affine(
    (shape) => image(shape) && small(shape, 4),
    (builder) => layers.zeroPadding2d({padding: [pair(builder, 0, 1), pair(builder, 0, 1)]}),
  ),
  cropping2D: affine(
    (shape) => image(shape),
    () =>
      layers.cropping2D({
        cropping: [
          [0, 1],
          [1, 0],
        ],
      }),
  ),
  upSampling2d: affine(
    (shape) => image(shape) && small(shape, 4),
    ({random}) =>
      layers.upSampling2d({
        size: random.pick([
          [1, 2],
          [2, 1],
          [2, 2],
        ]),
        interpolation: random.pick(['nearest', 'bilinear']),
      }),
  ),
  add: merged(
    () => layers.add(),
    (shape) => [sum(shape, 1)],
  ),
  average: merged(
    () => layers.average(),
    (shape) => [sum(shape, 0.5)],
  ),
  concatenate: merged(
    () => layers.concatenate(),
    (shape) => [joined(shape)],
  ),
  maximum: merged(
    () => layers.maximum(),
    (shape) => [largest(shape)],
  ),
  minimum: merged(
    () => layers.minimum(),
    (shape) => [negated, largest(shape), negated],
  ),
}
