import {type Tensor2D, tensor2d} from '@tensorflow/tfjs'
import {once} from '../common/once.js'
import type {BallMap, Keep} from './affine-map.js'
import {largestPerChannel} from './axes.js'
import {type ConvGeometry, convRowNorms, writtenOut} from './conv-geometry.js'
import {hostNormBound} from './spectral-norm.js'
import {channelLengths, orOne, type SquaredFilter, squaredFilter} from './squares.js'
import {symbolNormBound} from './symbol-norm.js'
import {unfoldingNormBound} from './unfolding-norm.js'

/** Writing out a convolution with more inputs and outputs than this costs more than what the tighter norm is worth. */
const longestUnrolled = 256

/** Scales are one number a channel here: of an input that has more, the largest of each channel. */
export function convBall(
  kernel: Float64Array,
  geometry: ConvGeometry,
  inputScale: Float64Array | undefined,
  normalise: boolean,
  roundoff: number,
  keep: Keep,
  rowNormsOf: (squaredWeights: Tensor2D, squared: SquaredFilter) => Tensor2D,
): BallMap {
  const {inputChannels, outputChannels, height, width} = geometry
  const scaled = kernel.slice()
  if (inputScale) {
    const scales = largestPerChannel(inputScale, inputChannels)
    for (let at = 0; at < scaled.length; at++) {
      scaled[at]! *= scales[Math.floor(at / outputChannels) % inputChannels]!
    }
  }
  const outputSize = height.output * width.output * outputChannels
  let outputScale: Float64Array | undefined
  if (normalise) {
    const scales = channelLengths(scaled, outputChannels).map(orOne)
    for (let at = 0; at < scaled.length; at++) scaled[at]! /= scales[at % outputChannels]!
    outputScale = new Float64Array(outputSize)
    for (let i = 0; i < outputSize; i++) outputScale[i] = scales[i % outputChannels]!
  }
  const squared = once(() => squaredFilter(scaled, geometry, keep))
  const lengths = new Float32Array(convRowNorms(scaled, geometry))
  const unweighted = keep(tensor2d(lengths, [1, outputSize]))
  return {
    outputScale,
    norms: once(async () => [await convNorm(scaled, geometry, roundoff)]),
    rowNorms: ([weights]) => [weights ? rowNormsOf(weights, squared()) : unweighted.clone()],
  }
}

/** Small convolutions are written out as the matrix they are, whose norm is tighter. */
async function convNorm(
  kernel: Float64Array,
  geometry: ConvGeometry,
  roundoff: number,
): Promise<number> {
  const {height, width, inputChannels, outputChannels} = geometry
  const inputSize = height.input * width.input * inputChannels
  const outputSize = height.output * width.output * outputChannels
  if (Math.min(inputSize, outputSize) > longestUnrolled || inputSize * outputSize > 2 ** 20) {
    const bound = await symbolNormBound(kernel, geometry, roundoff)
    return bound ?? unfoldingNormBound(kernel, geometry, roundoff)
  }
  return hostNormBound(writtenOut(kernel, geometry), outputSize, inputSize, roundoff)
}
