import type * as tf from '@tensorflow/tfjs'
import type {NetworkChoice} from './grid.js'
import {buildLenet} from './lenet.js'
import {buildMlp} from './network.js'

/** What the network is for, and the seed of its weights. */
export interface NetworkSurroundings {
  /** Height and width of an image. */
  readonly shape: readonly number[]
  readonly classes: number
  readonly seed: number
}

/** The network of an experiment, not compiled yet. */
export function buildNetwork(network: NetworkChoice, around: NetworkSurroundings): tf.Sequential {
  if (network.kind === 'cnn') return buildLenet({...around, ...network})
  const inputs = around.shape.reduce((product, size) => product * size, 1)
  return buildMlp({...around, ...network, inputs})
}
