import {
  readActivation,
  readElu,
  readLeakyRelu,
  readPrelu,
  readRelu,
  readSoftmax,
} from './activation.js'
import {readBatchNormalization} from './batch-normalization.js'
import {readConv1D, readConv2D, readDepthwiseConv2D, readSeparableConv2D} from './convolution.js'
import {readDense} from './dense.js'
import {
  readCropping2D,
  readFlatten,
  readPermute,
  readRescaling,
  readUpSampling2D,
  readZeroPadding2D,
} from './image.js'
import type {LayerReader} from './layer-reader.js'
import {readAdd, readAverage, readConcatenate, readMaximum, readMinimum} from './merge.js'
import {
  readAveragePooling,
  readGlobalAveragePooling,
  readGlobalMaxPooling,
  readMaxPooling,
} from './pooling.js'

/** The same numbers, at most in another shape: what is left of a train-only layer in inference. */
const readUnchanged: LayerReader = () => []

/** Every class of layer that can be read. */
export const layerReaders: Readonly<Record<string, LayerReader>> = {
  Activation: readActivation,
  Add: readAdd,
  AlphaDropout: readUnchanged,
  Average: readAverage,
  AveragePooling1D: readAveragePooling,
  AveragePooling2D: readAveragePooling,
  BatchNormalization: readBatchNormalization,
  Concatenate: readConcatenate,
  Conv1D: readConv1D,
  Conv2D: readConv2D,
  Cropping2D: readCropping2D,
  Dense: readDense,
  DepthwiseConv2D: readDepthwiseConv2D,
  Dropout: readUnchanged,
  ELU: readElu,
  Flatten: readFlatten,
  GaussianDropout: readUnchanged,
  GaussianNoise: readUnchanged,
  GlobalAveragePooling1D: readGlobalAveragePooling,
  GlobalAveragePooling2D: readGlobalAveragePooling,
  GlobalMaxPooling1D: readGlobalMaxPooling,
  GlobalMaxPooling2D: readGlobalMaxPooling,
  InputLayer: readUnchanged,
  LeakyReLU: readLeakyRelu,
  Maximum: readMaximum,
  MaxPooling1D: readMaxPooling,
  MaxPooling2D: readMaxPooling,
  Minimum: readMinimum,
  PReLU: readPrelu,
  Permute: readPermute,
  ReLU: readRelu,
  Rescaling: readRescaling,
  Reshape: readUnchanged,
  SeparableConv2D: readSeparableConv2D,
  Softmax: readSoftmax,
  SpatialDropout1D: readUnchanged,
  UpSampling2D: readUpSampling2D,
  ZeroPadding2D: readZeroPadding2D,
}
