import {readActivation, readLeakyRelu, readRelu, readSoftmax} from './activation.js'
import {readBatchNormalization} from './batch-normalization.js'
import {readDense} from './dense.js'
import type {LayerReader} from './layer-reader.js'

/** The same numbers, at most in another shape: what is left of a train-only layer in inference. */
const readUnchanged: LayerReader = () => []

/** Every class of layer that can be read. */
export const layerReaders: Readonly<Record<string, LayerReader>> = {
  Activation: readActivation,
  AlphaDropout: readUnchanged,
  BatchNormalization: readBatchNormalization,
  Dense: readDense,
  Dropout: readUnchanged,
  Flatten: readUnchanged,
  GaussianDropout: readUnchanged,
  GaussianNoise: readUnchanged,
  InputLayer: readUnchanged,
  LeakyReLU: readLeakyRelu,
  ReLU: readRelu,
  Reshape: readUnchanged,
  Softmax: readSoftmax,
  SpatialDropout1D: readUnchanged,
}
