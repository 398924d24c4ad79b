import {axesWeights, type Matrix, matrixOf} from '../affine/axes.js'
import {type AxisGeometry, axisGeometry, type Padding} from '../affine/conv-geometry.js'
import {selectWeights} from '../affine/select.js'
import {maximum} from '../kinks/maximum.js'
import type {Shape} from '../network.js'
import {kinkPiece} from './activation.js'
import {
  channelsLast,
  type LayerLike,
  type LayerReader,
  type Piece,
  Unreadable,
} from './layer-reader.js'

/** Windows over an image, and its channels. */
interface Windows {
  readonly height: AxisGeometry
  readonly width: AxisGeometry
  readonly channels: number
}

/** MaxPooling1D, MaxPooling2D */
export const readMaxPooling: LayerReader = (layer, inputShapes) =>
  maxPool(poolWindows(layer, inputShapes[0]!))

/** GlobalMaxPooling1D, GlobalMaxPooling2D */
export const readGlobalMaxPooling: LayerReader = (layer, inputShapes) =>
  maxPool(wholeWindow(layer, inputShapes[0]!))

/** AveragePooling1D, AveragePooling2D */
export const readAveragePooling: LayerReader = (layer, inputShapes) =>
  averagePool(poolWindows(layer, inputShapes[0]!))

/** GlobalAveragePooling1D, GlobalAveragePooling2D */
export const readGlobalAveragePooling: LayerReader = (layer, inputShapes) =>
  averagePool(wholeWindow(layer, inputShapes[0]!))

function poolWindows(layer: LayerLike, shape: Shape): Windows {
  const config = layer.getConfig() as {
    poolSize: number | readonly number[]
    strides: number | readonly number[]
    padding: string
  }
  channelsLast(config as unknown as Record<string, unknown>)
  const {padding} = config
  if (padding !== 'same' && padding !== 'valid') {
    throw new Unreadable(`expected padding same or valid, got ${JSON.stringify(padding)}`)
  }
  const [height, width, channels] = asImage(shape)
  const flat = shape.length === 2
  const both = (value: number | readonly number[]): [number, number] => {
    const [first, second] = Array.isArray(value) ? value : [value, value]
    return flat ? [1, first] : [first, second]
  }
  const [poolHeight, poolWidth] = both(config.poolSize)
  const [strideHeight, strideWidth] = both(config.strides)
  return {
    height: axisGeometry(height, poolHeight, strideHeight, padding as Padding),
    width: axisGeometry(width, poolWidth, strideWidth, padding as Padding),
    channels,
  }
}

function wholeWindow(layer: LayerLike, shape: Shape): Windows {
  channelsLast(layer.getConfig())
  const [height, width, channels] = asImage(shape)
  return {
    height: axisGeometry(height, height, 1, 'valid'),
    width: axisGeometry(width, width, 1, 'valid'),
    channels,
  }
}

/** A sequence counts as an image one pixel high. */
function asImage(shape: Shape): readonly [number, number, number] {
  if (shape.length === 2) return [1, shape[0]!, shape[1]!]
  if (shape.length === 3) return [shape[0]!, shape[1]!, shape[2]!]
  throw new Unreadable(`expected a sequence or an image, got shape [${shape}]`)
}

function averagePool({height, width, channels}: Windows): readonly Piece[] {
  const weights = axesWeights(averages(height), averages(width), channels)
  return [{kind: 'affine', source: {read: async () => weights}}]
}

/** Each output is the mean of those inputs of its window that lie inside the image. */
function averages({input, output, window, stride, before}: AxisGeometry): Matrix {
  return matrixOf(output, input, (i, j) => {
    const start = i * stride - before
    const inside = Math.min(input, start + window) - Math.max(0, start)
    return j >= start && j < start + window ? 1 / inside : 0
  })
}

/** The windows' candidates side by side, then their maximum. */
function maxPool({height, width, channels}: Windows): readonly Piece[] {
  const candidates = height.window * width.window
  const units = height.output * width.output * channels
  const source = new Int32Array(candidates * units).fill(-1)
  for (let k = 0; k < candidates; k++) {
    const [down, across] = [Math.floor(k / width.window), k % width.window]
    for (let unit = 0; unit < units; unit++) {
      const place = Math.floor(unit / channels)
      const row = Math.floor(place / width.output) * height.stride - height.before + down
      const column = (place % width.output) * width.stride - width.before + across
      if (row < 0 || row >= height.input || column < 0 || column >= width.input) continue
      source[k * units + unit] = (row * width.input + column) * channels + (unit % channels)
    }
  }
  const weights = selectWeights(source, height.input * width.input * channels, {
    kind: 'pool',
    height,
    width,
    channels,
  })
  const valid = Uint8Array.from(source, (from) => (from < 0 ? 0 : 1))
  return [
    {kind: 'affine', source: {read: async () => weights}},
    kinkPiece((candidates * (candidates - 1)) / 2, maximum(units, candidates, valid)),
  ]
}
