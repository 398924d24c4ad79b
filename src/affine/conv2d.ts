import {conv2d, sqrt, type Tensor2D, type Tensor4D, tensor2d, tidy} from '@tensorflow/tfjs'
import {once} from '../common/once.js'
import type {AffineMap, AffineWeights, Keep} from './affine-map.js'
import {convAdjoint} from './conv-adjoint.js'
import {convBall} from './conv-ball.js'
import {
  type AxisGeometry,
  axisGeometry,
  type ConvGeometry,
  convRowNorms,
  eachTap,
  type Padding,
} from './conv-geometry.js'
import {convolve64} from './conv64.js'
import {transpose} from './dense64.js'
import {isDiagonal} from './diagonal.js'
import {keepFilter} from './keep-filter.js'
import {patchAdjoint} from './patch-adjoint.js'
import {type SquaredFilter, squaredFilter} from './squares.js'

/** A 2-D convolution with zero padding, channels last; `kernel` is `[height, width, in, out]`. */
export interface ConvWeights extends AffineWeights {
  readonly kind: 'conv2d'
  readonly kernel: Float64Array
  /** One number a channel. */
  readonly bias: Float64Array
  readonly geometry: ConvGeometry
}

/** What a convolution is made of, as tf.layers has it. */
export interface ConvOptions {
  /** `[height, width, channels]` */
  readonly inputShape: readonly [number, number, number]
  /** `[height, width, in, out]` */
  readonly kernelShape: readonly [number, number, number, number]
  readonly strides: readonly [number, number]
  readonly dilation: readonly [number, number]
  readonly padding: Padding
}

/** Weights of a convolution; a dilated kernel is written out with its holes as zeros. */
export function convWeights(
  kernel: Float64Array,
  bias: Float64Array,
  {inputShape, kernelShape, strides, dilation, padding}: ConvOptions,
): ConvWeights {
  const [kernelHeight, kernelWidth, inputChannels, outputChannels] = kernelShape
  const windowHeight = (kernelHeight - 1) * dilation[0] + 1
  const windowWidth = (kernelWidth - 1) * dilation[1] + 1
  const spread = new Float64Array(windowHeight * windowWidth * inputChannels * outputChannels)
  const block = inputChannels * outputChannels
  for (let i = 0; i < kernelHeight; i++) {
    for (let j = 0; j < kernelWidth; j++) {
      const from = (i * kernelWidth + j) * block
      const to = (i * dilation[0] * windowWidth + j * dilation[1]) * block
      spread.set(kernel.subarray(from, from + block), to)
    }
  }
  return fromGeometry(spread, bias, {
    height: axisGeometry(inputShape[0], windowHeight, strides[0], padding),
    width: axisGeometry(inputShape[1], windowWidth, strides[1], padding),
    inputChannels,
    outputChannels,
    taps: kernelHeight * kernelWidth,
  })
}

function fromGeometry(
  kernel: Float64Array,
  bias: Float64Array,
  geometry: ConvGeometry,
): ConvWeights {
  const {height, width, inputChannels, outputChannels} = geometry
  const weights: ConvWeights = {
    kind: 'conv2d',
    kernel,
    bias,
    geometry,
    inputSizes: [height.input * width.input * inputChannels],
    outputSize: height.output * width.output * outputChannels,
    // Never after a diagonal map: its shift does not reach the zeros of the padding.
    after: () => undefined,
    build: (keep) => convMap(weights, keep),
  }
  return weights
}

export function isConv(weights: AffineWeights): weights is ConvWeights {
  return (weights as {kind?: string}).kind === 'conv2d'
}

/** A diagonal map after a convolution, where it treats all places alike: a batch normalisation. */
export function scaleConv(outer: AffineWeights, inner: ConvWeights): ConvWeights | undefined {
  if (!isDiagonal(outer)) return undefined
  const {outputChannels} = inner.geometry
  const scale = perChannel(outer.scale, outputChannels)
  const shift = perChannel(outer.shift, outputChannels)
  if (!scale || !shift) return undefined
  return fromGeometry(
    inner.kernel.map((w, at) => w * scale[at % outputChannels]!),
    inner.bias.map((b, c) => b * scale[c]! + shift[c]!),
    inner.geometry,
  )
}

function perChannel(values: Float64Array, channels: number): Float64Array | undefined {
  const first = values.subarray(0, channels)
  return values.every((value, i) => value === first[i % channels]) ? first : undefined
}

function convMap(
  {kernel, bias, geometry, inputSizes, outputSize}: ConvWeights,
  keep: Keep,
): AffineMap {
  const {height, width, inputChannels, outputChannels} = geometry
  const [inputSize] = inputSizes as [number]
  const strides: [number, number] = [height.stride, width.stride]
  const filter = (values: Float64Array) => keepFilter(values, geometry, keep)
  const weights = once(() => filter(kernel))
  const absolute = once(() => filter(kernel.map(Math.abs)))
  const squared = once(() => squaredFilter(kernel, geometry, keep))
  const adjoint = once(() => convAdjoint(kernel, geometry, keep))
  const perChannel = kernel.length / outputChannels
  const byChannel = once(() =>
    transpose(kernel, perChannel, outputChannels, new Float32Array(kernel.length)),
  )
  const offset = once(() => keep(tensor2d(new Float32Array(bias), [1, outputChannels])))
  const offsetSize = once(() =>
    keep(tensor2d(new Float32Array(bias.map(Math.abs)), [1, outputChannels])),
  )

  const flat = (y: Tensor4D) => y.reshape([-1, outputSize]) as Tensor2D
  const zeros = zerosAround(geometry)
  const convolve = (x: Tensor2D, by: Tensor4D) => {
    const images = x.reshape([-1, height.input, width.input, inputChannels]) as Tensor4D
    return conv2d(images, by, strides, zeros)
  }
  const weightedLengths = (by: Tensor2D, {filter: squares, lengths}: SquaredFilter) =>
    tidy(() => flat(sqrt(convolve(by, squares)).mul(lengths) as Tensor4D))
  return {
    inputSizes,
    outputSize,
    fanIn: geometry.taps * inputChannels + 1,
    rowNorms: [convRowNorms(kernel, geometry)],
    apply: ([x]) => tidy(() => flat(convolve(x!, weights()).add(offset()) as Tensor4D)),
    linear: ([x]) => tidy(() => flat(convolve(x!, weights()))),
    absolute: ([x]) => tidy(() => flat(convolve(x!, absolute()))),
    magnitude: ([x]) => tidy(() => flat(convolve(x!, absolute()).add(offsetSize()) as Tensor4D)),
    adjoint: (rows) => [adjoint()(rows)],
    patches: {
      kind: 'convolution',
      geometry,
      weights: byChannel,
      adjoint: patchAdjoint(kernel, geometry, keep),
    },
    rowEntries: (unit, show) => {
      eachTap(geometry, unit, (input, at) => {
        for (let i = 0; i < inputChannels; i++) show(input + i, kernel[at + i * outputChannels]!)
      })
    },
    rows: (units) => {
      const rows = new Float32Array(units.length * inputSize)
      units.forEach((unit, r) => {
        eachTap(geometry, unit, (input, at) => {
          const start = r * inputSize + input
          for (let i = 0; i < inputChannels; i++) rows[start + i] = kernel[at + i * outputChannels]!
        })
      })
      return [tensor2d(rows, [units.length, inputSize])]
    },
    weightedRowNorms: ([w]) => [weightedLengths(w!, squared())],
    apply64: ([x]) => convolve64(x!, kernel, bias, geometry),
    unit64: ([x], unit) => unit64(x!, kernel, bias, geometry, unit),
    ball: ([scale], normalise, roundoff) =>
      convBall(kernel, geometry, scale, normalise, roundoff, keep, weightedLengths),
  }
}

/**
 * The zeros around the images. Never by name: where a stride is longer than its window, WASM's convolution takes 'same' for
 * some other padding and gives wrong numbers.
 */
function zerosAround({height, width}: ConvGeometry): [Zeros, Zeros, Zeros, Zeros] {
  return [[0, 0], zerosOf(height), zerosOf(width), [0, 0]]
}

/** Before the first number of an axis, and after the last. */
type Zeros = [number, number]

function zerosOf({input, output, window, stride, before}: AxisGeometry): Zeros {
  return [before, Math.max(0, (output - 1) * stride + window - input - before)]
}

function unit64(
  x: Float64Array,
  kernel: Float64Array,
  bias: Float64Array,
  geometry: ConvGeometry,
  unit: number,
): number {
  const {inputChannels, outputChannels} = geometry
  let sum = bias[unit % outputChannels]!
  eachTap(geometry, unit, (input, at) => {
    for (let i = 0; i < inputChannels; i++) sum += x[input + i]! * kernel[at + i * outputChannels]!
  })
  return sum
}
