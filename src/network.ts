import type {AffineSource} from './affine/affine-map.js'
import {show} from './common/show.js'
import type {KinkSource} from './kinks/kink.js'

/** Lengths of a value's axes without the batch dimension. */
export type Shape = readonly number[]

/** A layer with kinks. Its place in `Network.layers` is the `layer` of every measurement. */
export interface KinkedLayer {
  /** Name of the layer in the model. */
  readonly name: string
  /** Class of the layer, for example `'Dense'`. */
  readonly className: string
  /** Units of its flattened output. */
  readonly units: number
  /** Most kinks of one unit: 1 for a (leaky) ReLU, 2 for relu6, the pairs of a pool's window. */
  readonly kinks: number
}

/** One step of the short program that a network is read into. Value 0 is the input; step k makes value k + 1. */
export type Step = AffineStep | KinkStep

/** An affine map of one or more earlier values. */
export interface AffineStep {
  readonly kind: 'affine'
  readonly inputs: readonly number[]
  readonly name: string
  readonly className: string
  readonly size: number
  readonly source: AffineSource
}

/** A kink that makes each unit of one or more numbers of an earlier value. */
export interface KinkStep {
  readonly kind: 'kink'
  readonly inputs: readonly [number]
  readonly name: string
  readonly className: string
  readonly size: number
  /** Most kinks of one unit. */
  readonly kinks: number
  readonly source: KinkSource
}

/**
 * A ReLU network as affine maps and kinks in topological order, made by `readNetwork`.
 *
 * It holds structure and the model's live variables, no tensors of its own: nothing needs disposing,
 * and what is measured is always the model as it is now.
 */
export interface Network {
  readonly inputShape: Shape
  /** The layers that have a kink, in topological order: layer 0, 1, ... */
  readonly layers: readonly KinkedLayer[]
  /** Number of weights of the model, trainable or not. */
  readonly parameters: number
  readonly steps: readonly Step[]
}

/**
 * The shape of a network's points.
 *
 * @throws TypeError for what is no network, such as the model itself
 */
export function inputShapeOf(network: Network): Shape {
  const {inputShape, steps} = (network ?? {}) as Partial<Network>
  if (inputShape && steps) return inputShape
  const {getClassName} = (network ?? {}) as {getClassName?: () => string}
  const given = getClassName ? `a model (${getClassName.call(network)})` : show(network)
  throw new TypeError(`network: expected what readNetwork(model) returns, got ${given}`)
}
