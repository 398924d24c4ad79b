import {type Tensor1D, type Tensor4D, tensor1d} from '@tensorflow/tfjs'
import type {Keep} from './affine-map.js'
import type {ConvGeometry} from './conv-geometry.js'
import {keepFilter} from './keep-filter.js'

/**
 * The least square of an entry of a row of length 1. Smaller ones leave float32, or do once they are weighted: a row of which
 * only these count would be taken for 0, and its unit for one that cannot move. At least this makes a length larger, by
 * 1e-12 of the whole row's.
 */
export const leastShare = 1e-24

/** What to divide by instead of a length. */
export const orOne = (length: number): number => length || 1

/** Squares of a kernel whose output channels are scaled to length 1 before. */
export interface SquaredFilter {
  readonly filter: Tensor4D
  /** Of the channels as they were. */
  readonly lengths: Tensor1D
}

/** Squares the entries of a kernel, `[height, width, in, out]`. */
export function squaredFilter(
  kernel: Float64Array,
  geometry: ConvGeometry,
  keep: Keep,
): SquaredFilter {
  const lengths = channelLengths(kernel, geometry.outputChannels)
  const squares = kernel.map((w, at) =>
    Math.max((w / orOne(lengths[at % lengths.length]!)) ** 2, leastShare),
  )
  return {
    filter: keepFilter(squares, geometry, keep),
    lengths: keep(tensor1d(new Float32Array(lengths))),
  }
}

/** The length of each output channel. */
export function channelLengths(kernel: Float64Array, channels: number): Float64Array {
  const squares = new Float64Array(channels)
  for (let at = 0; at < kernel.length; at++) squares[at % channels]! += kernel[at]! ** 2
  return squares.map(Math.sqrt)
}
