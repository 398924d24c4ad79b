import type {Padding} from '../affine/conv-geometry.js'
import {convWeights} from '../affine/conv2d.js'
import type {Shape} from '../network.js'
import {activationPieces} from './activation.js'
import {
  channelsLast,
  type LayerLike,
  type LayerReader,
  type Piece,
  Unreadable,
  weightValues,
} from './layer-reader.js'

interface ConvConfig extends Record<string, unknown> {
  readonly strides: readonly number[]
  readonly padding: string
  readonly dilationRate: number | readonly number[]
  readonly activation?: unknown
}

/** Conv2D with strides, dilation, same or valid padding. */
export const readConv2D: LayerReader = (layer, inputShapes, shape) =>
  convolution(layer, image(inputShapes[0]!), shape, ([kernel, bias]) => ({
    kernel: kernel!.values,
    kernelShape: asKernelShape(kernel!.shape),
    bias: bias?.values,
  }))

/** Conv1D: a convolution of images one pixel high. */
export const readConv1D: LayerReader = (layer, inputShapes, shape) => {
  const [steps, channels] = inputShapes[0] as [number, number]
  return convolution(layer, [1, steps, channels], shape, ([kernel, bias]) => ({
    kernel: kernel!.values,
    kernelShape: asKernelShape([1, ...kernel!.shape]),
    bias: bias?.values,
  }))
}

/**
 * DepthwiseConv2D as a convolution whose kernel is 0 between channels. Its dilationRate is left out, as tfjs
 * leaves it out when it runs the layer.
 */
export const readDepthwiseConv2D: LayerReader = (layer, inputShapes, shape) =>
  convolution(
    layer,
    image(inputShapes[0]!),
    shape,
    ([depthwise, bias]) => ({...acrossChannels(depthwise!), bias: bias?.values}),
    [1, 1],
  )

/** SeparableConv2D: the depthwise kernel and the pointwise one multiplied into one. */
export const readSeparableConv2D: LayerReader = (layer, inputShapes, shape) =>
  convolution(layer, image(inputShapes[0]!), shape, ([depthwise, pointwise, bias]) => {
    const [height, width, inputs, multiplier] = asKernelShape(depthwise!.shape)
    const outputs = pointwise!.shape[3]!
    const kernel = new Float64Array(height * width * inputs * outputs)
    depthwise!.values.forEach((value, at) => {
      const between = at % (inputs * multiplier)
      const to = Math.floor(at / multiplier) * outputs
      for (let o = 0; o < outputs; o++) {
        kernel[to + o]! += value * pointwise!.values[between * outputs + o]!
      }
    })
    return {kernel, kernelShape: [height, width, inputs, outputs], bias: bias?.values}
  })

type KernelShape = readonly [number, number, number, number]

interface Weight {
  readonly values: Float64Array
  readonly shape: Shape
}

interface Kernel {
  readonly kernel: Float64Array
  readonly kernelShape: KernelShape
  readonly bias: Float64Array | undefined
}

function convolution(
  layer: LayerLike,
  inputShape: readonly [number, number, number],
  outputShape: Shape,
  combine: (weights: readonly Weight[]) => Kernel,
  fixedDilation?: readonly [number, number],
): readonly Piece[] {
  const config = layer.getConfig() as ConvConfig
  channelsLast(config)
  const {padding} = config
  if (padding !== 'same' && padding !== 'valid') {
    throw new Unreadable(`expected padding same or valid, got ${JSON.stringify(padding)}`)
  }
  const dilation = fixedDilation ?? pair(config.dilationRate)
  const read = async () => {
    const weights = await Promise.all(
      layer.getWeights().map(async (w) => ({values: await weightValues(w), shape: w.shape})),
    )
    const {kernel, kernelShape, bias} = combine(weights)
    return convWeights(kernel, bias ?? new Float64Array(kernelShape[3]), {
      inputShape,
      kernelShape,
      strides: pair(config.strides),
      dilation,
      padding: padding as Padding,
    })
  }
  return [{kind: 'affine', source: {read}}, ...activationPieces(config.activation, outputShape)]
}

/** `[height, width, in, multiplier]` -> `[height, width, in, in multiplier]`, 0 between channels. */
function acrossChannels({values, shape}: Weight): Omit<Kernel, 'bias'> {
  const [height, width, inputs, multiplier] = asKernelShape(shape)
  const outputs = inputs * multiplier
  const kernel = new Float64Array(height * width * inputs * outputs)
  values.forEach((value, at) => {
    const channel = Math.floor(at / multiplier) % inputs
    kernel[Math.floor(at / multiplier) * outputs + channel * multiplier + (at % multiplier)] = value
  })
  return {kernel, kernelShape: [height, width, inputs, outputs]}
}

function image(shape: Shape): readonly [number, number, number] {
  const [height, width, channels] = shape
  if (shape.length !== 3) throw new Unreadable(`expected an image, got shape [${shape}]`)
  return [height!, width!, channels!]
}

function asKernelShape(shape: Shape): KernelShape {
  return shape as unknown as KernelShape
}

/** Two numbers: of one number twice, of a 1-D layer's [n] the second. */
function pair(value: number | readonly number[]): readonly [number, number] {
  if (typeof value === 'number') return [value, value]
  return value.length === 1 ? [1, value[0]!] : [value[0]!, value[1]!]
}
