import type {Tensor} from '@tensorflow/tfjs'
import type {AffineSource} from '../affine/affine-map.js'
import {findNonFinite, NonFiniteError} from '../errors.js'
import type {KinkSource} from '../kinks/kink.js'
import type {Shape} from '../network.js'

/** What a layer does, piece by piece; no pieces: the same numbers in another shape, or none changed. */
export type Piece =
  | {readonly kind: 'affine'; readonly source: AffineSource}
  | {readonly kind: 'kink'; readonly kinks: number; readonly source: KinkSource}
  | {readonly kind: 'smooth'; readonly activation: string}

/** The part of a tf.layers layer that is looked at: by shape, since classes differ between copies of tfjs. */
export interface LayerLike {
  readonly name: string
  getClassName(): string
  getConfig(): Record<string, unknown>
  getWeights(): Tensor[]
}

/**
 * Reads one class of layer. A new layer is one file with a reader, named in `index.ts`.
 *
 * @throws Unreadable where this layer's settings are not supported
 */
export type LayerReader = (
  layer: LayerLike,
  inputShapes: readonly Shape[],
  outputShape: Shape,
) => readonly Piece[]

/** Units of a shape. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((a, b) => a * b, 1)
}

/**
 * The layer's data format.
 *
 * @throws Unreadable for channels first
 */
export function channelsLast({dataFormat}: Record<string, unknown>): void {
  if (dataFormat === undefined || dataFormat === null || dataFormat === 'channelsLast') return
  throw new Unreadable(`expected channelsLast, got dataFormat ${JSON.stringify(dataFormat)}`)
}

/** Why a layer of a supported class cannot be read; `readNetwork` adds the layer's name and class. */
export class Unreadable extends Error {}

/**
 * The numbers of a live weight in float64.
 *
 * @throws NonFiniteError where one is NaN or infinite
 */
export async function weightValues(weight: Tensor): Promise<Float64Array> {
  const values = (await weight.data()) as Float32Array
  const bad = findNonFinite(values)
  if (bad >= 0) throw new NonFiniteError(`weights: expected finite numbers, got ${values[bad]}`)
  return new Float64Array(values)
}
