import {axesWeights, type Matrix, matrixOf} from '../affine/axes.js'
import {diagonalWeights} from '../affine/diagonal.js'
import {selectWeights} from '../affine/select.js'
import type {Shape} from '../network.js'
import {channelsLast, type LayerReader, type Piece, sizeOf, Unreadable} from './layer-reader.js'

type Sides = readonly [readonly [number, number], readonly [number, number]]

/** ZeroPadding2D */
export const readZeroPadding2D: LayerReader = (layer, inputShapes) => {
  const config = layer.getConfig()
  channelsLast(config)
  const [[top, bottom], [left, right]] = config.padding as Sides
  return eachAxis(inputShapes[0]!, (height, width) => [
    matrixOf(height + top + bottom, height, (i, j) => (i === j + top ? 1 : 0)),
    matrixOf(width + left + right, width, (i, j) => (i === j + left ? 1 : 0)),
  ])
}

/** Cropping2D */
export const readCropping2D: LayerReader = (layer, inputShapes) => {
  const config = layer.getConfig()
  channelsLast(config)
  const [[top, bottom], [left, right]] = config.cropping as Sides
  return eachAxis(inputShapes[0]!, (height, width) => [
    matrixOf(height - top - bottom, height, (i, j) => (j === i + top ? 1 : 0)),
    matrixOf(width - left - right, width, (i, j) => (j === i + left ? 1 : 0)),
  ])
}

/** UpSampling2D, nearest or bilinear */
export const readUpSampling2D: LayerReader = (layer, inputShapes) => {
  const config = layer.getConfig()
  channelsLast(config)
  const {size, interpolation} = config as {size: readonly [number, number]; interpolation: string}
  if (interpolation !== 'nearest' && interpolation !== 'bilinear') {
    throw new Unreadable(`expected interpolation nearest or bilinear, got ${interpolation}`)
  }
  const enlarge = interpolation === 'nearest' ? repeated : interpolated
  return eachAxis(inputShapes[0]!, (height, width) => [
    enlarge(height, size[0]),
    enlarge(width, size[1]),
  ])
}

/** Permute */
export const readPermute: LayerReader = (layer, inputShapes) => {
  const {dims} = layer.getConfig() as {dims: readonly number[]}
  return [
    permutation(
      inputShapes[0]!,
      dims.map((axis) => axis - 1),
    ),
  ]
}

/** Flatten; channels first, it moves the first axis to the end. */
export const readFlatten: LayerReader = (layer, inputShapes) => {
  const shape = inputShapes[0]!
  if (layer.getConfig().dataFormat !== 'channelsFirst' || shape.length < 2) return []
  return [permutation(shape, [...shape.keys()].slice(1).concat(0))]
}

/** Rescaling: scale x + offset */
export const readRescaling: LayerReader = (layer, inputShapes) => {
  const {scale, offset} = layer.getConfig() as {scale: number; offset: number}
  if (typeof scale !== 'number' || typeof offset !== 'number') {
    throw new Unreadable(`expected one scale and one offset, got ${scale} and ${offset}`)
  }
  const size = sizeOf(inputShapes[0]!)
  const weights = diagonalWeights(
    new Float64Array(size).fill(scale),
    new Float64Array(size).fill(offset),
  )
  return [{kind: 'affine', source: {read: async () => weights}}]
}

function eachAxis(
  shape: Shape,
  matrices: (height: number, width: number) => readonly [Matrix, Matrix],
): readonly Piece[] {
  const [height, width, channels] = shape as readonly [number, number, number]
  const weights = axesWeights(...matrices(height, width), channels)
  return [{kind: 'affine', source: {read: async () => weights}}]
}

function repeated(length: number, factor: number): Matrix {
  return matrixOf(length * factor, length, (i, j) => (Math.floor(i / factor) === j ? 1 : 0))
}

/** As tf.image.resizeBilinear without aligned corners: output i lies at i / factor. */
function interpolated(length: number, factor: number): Matrix {
  return matrixOf(length * factor, length, (i, j) => {
    const low = Math.floor(i / factor)
    const high = Math.min(low + 1, length - 1)
    const share = i / factor - low
    return (j === low ? 1 - share : 0) + (j === high ? share : 0)
  })
}

/** Axis a of the output is axis `axes[a]` of the input. */
function permutation(shape: Shape, axes: readonly number[]): Piece {
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)))
  const output = axes.map((axis) => shape[axis]!)
  const source = Int32Array.from({length: sizeOf(shape)}, (_, at) => {
    let rest = at
    let from = 0
    for (let a = output.length - 1; a >= 0; a--) {
      from += (rest % output[a]!) * strides[axes[a]!]!
      rest = Math.floor(rest / output[a]!)
    }
    return from
  })
  const weights = selectWeights(source, source.length)
  return {kind: 'affine', source: {read: async () => weights}}
}
