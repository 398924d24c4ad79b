import {type Clip, clipped} from '../kinks/clipped.js'
import type {Kink} from '../kinks/kink.js'
import {leakyRelu} from '../kinks/leaky-relu.js'
import type {Shape} from '../network.js'
import {type LayerReader, type Piece, sizeOf, Unreadable, weightValues} from './layer-reader.js'

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

const relu6: Clip = {low: 0, high: 6, slope: 1, offset: 0}
const hardSigmoid: Clip = {low: -2.5, high: 2.5, slope: 0.2, offset: 0.5}

/**
 * The pieces of an activation given by name, as an attribute of a layer or in an Activation layer.
 *
 * @throws Unreadable for a name that is not known
 */
export function activationPieces(name: unknown, shape: Shape): Piece[] {
  const units = sizeOf(shape)
  if (name === null || name === undefined || name === 'linear') return []
  if (name === 'relu') return [kinkPiece(1, leakyRelu(units, 0))]
  if (name === 'relu6') return [kinkPiece(2, clipped(units, relu6))]
  if (name === 'hardSigmoid') return [kinkPiece(2, clipped(units, hardSigmoid))]
  if (typeof name === 'string' && smooth.has(name)) return [{kind: 'smooth', activation: name}]
  throw new Unreadable(`the activation ${JSON.stringify(name)} is not supported`)
}

/** Activation */
export const readActivation: LayerReader = (layer, _, shape) =>
  activationPieces(layer.getConfig().activation, shape)

/** Softmax as a layer */
export const readSoftmax: LayerReader = () => [{kind: 'smooth', activation: 'softmax'}]

/** ELU as a layer */
export const readElu: LayerReader = () => [{kind: 'smooth', activation: 'elu'}]

/** ReLU, with or without a maximum */
export const readRelu: LayerReader = (layer, _, shape) => {
  const {maxValue} = layer.getConfig()
  const units = sizeOf(shape)
  if (maxValue === null || maxValue === undefined) return [kinkPiece(1, leakyRelu(units, 0))]
  if (typeof maxValue !== 'number' || !(maxValue > 0 && Number.isFinite(maxValue))) {
    throw new Unreadable(`expected a finite maxValue above 0, got ${maxValue}`)
  }
  return [kinkPiece(2, clipped(units, {...relu6, high: maxValue}))]
}

/** LeakyReLU with any slope */
export const readLeakyRelu: LayerReader = (layer, _, shape) => {
  const alpha = layer.getConfig().alpha ?? 0.3
  if (typeof alpha !== 'number' || !Number.isFinite(alpha)) {
    throw new Unreadable(`expected a finite slope alpha, got ${JSON.stringify(alpha)}`)
  }
  return alpha === 1 ? [] : [kinkPiece(1, leakyRelu(sizeOf(shape), alpha))]
}

/** PReLU: a slope for each unit, or one for all units along the shared axes. */
export const readPrelu: LayerReader = (layer, _, shape) => {
  const read = async () => {
    const [alpha] = layer.getWeights()
    const values = await weightValues(alpha!)
    return leakyRelu(sizeOf(shape), spread(values, alpha!.shape, shape))
  }
  return [{kind: 'kink', kinks: 1, source: {read}}]
}

/** Numbers of a shape with some axes of length 1, repeated along them. */
function spread(values: Float64Array, from: Shape, to: Shape): Float64Array {
  return Float64Array.from({length: sizeOf(to)}, (_, at) => {
    let [rest, place, stride] = [at, 0, 1]
    for (let axis = to.length - 1; axis >= 0; axis--) {
      const index = rest % to[axis]!
      rest = Math.floor(rest / to[axis]!)
      if (from[axis] !== 1) place += index * stride
      stride *= from[axis]!
    }
    return values[place]!
  })
}

/** A kink without weights of its own. */
export function kinkPiece(kinks: number, kink: Kink): Piece {
  return {kind: 'kink', kinks, source: {read: async () => kink}}
}
