import {leakyRelu} from '../kinks/leaky-relu.js'
import {type LayerReader, type Piece, Unreadable} from './layer-reader.js'

const smooth = new Set([
  'elu',
  'gelu',
  'gelu_new',
  'mish',
  'selu',
  'sigmoid',
  'softmax',
  'logSoftmax',
  'softplus',
  'softsign',
  'swish',
  'tanh',
])

/**
 * The pieces of an activation given by name, as an attribute of a layer or in an Activation layer.
 *
 * @throws Unreadable for a name that is not known
 */
export function activationPieces(name: unknown): Piece[] {
  if (name === null || name === undefined || name === 'linear') return []
  if (name === 'relu') return [{kind: 'kink', kink: leakyRelu(0)}]
  if (typeof name === 'string' && smooth.has(name)) return [{kind: 'smooth', activation: name}]
  throw new Unreadable(`the activation ${JSON.stringify(name)} is not supported`)
}

/** Activation */
export const readActivation: LayerReader = (layer) => activationPieces(layer.getConfig().activation)

/** Softmax as a layer */
export const readSoftmax: LayerReader = () => [{kind: 'smooth', activation: 'softmax'}]

/** ReLU without a maximum */
export const readRelu: LayerReader = (layer) => {
  const {maxValue} = layer.getConfig()
  if (maxValue !== null && maxValue !== undefined) {
    throw new Unreadable(`a ReLU with maxValue ${maxValue} has two kinks, which is not supported`)
  }
  return [{kind: 'kink', kink: leakyRelu(0)}]
}

/** LeakyReLU with any slope */
export const readLeakyRelu: LayerReader = (layer) => {
  const alpha = layer.getConfig().alpha ?? 0.3
  if (typeof alpha !== 'number' || !Number.isFinite(alpha)) {
    throw new Unreadable(`expected a finite slope alpha, got ${JSON.stringify(alpha)}`)
  }
  if (alpha === 1) return []
  return [{kind: 'kink', kink: leakyRelu(alpha)}]
}
