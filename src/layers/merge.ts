import type {AffineWeights} from '../affine/affine-map.js'
import {diagonalWeights} from '../affine/diagonal.js'
import {concatWeights, sumWeights} from '../affine/merge.js'
import {maximum} from '../kinks/maximum.js'
import type {Shape} from '../network.js'
import {kinkPiece} from './activation.js'
import {type LayerReader, type Piece, sizeOf, Unreadable} from './layer-reader.js'

/** Add */
export const readAdd: LayerReader = (_, shapes) => [
  affine(sumWeights(shapes.length, sameSize(shapes), 1)),
]

/** Average */
export const readAverage: LayerReader = (_, shapes) => [
  affine(sumWeights(shapes.length, sameSize(shapes), 1 / shapes.length)),
]

/** Concatenate along any axis but the batch's */
export const readConcatenate: LayerReader = (layer, shapes) => {
  const axis = Number(layer.getConfig().axis ?? -1)
  const rank = shapes[0]!.length
  const place = axis < 0 ? rank + axis : axis - 1
  if (!(place >= 0 && place < rank)) {
    throw new Unreadable(`expected an axis of the input other than the batch's, got ${axis}`)
  }
  return [affine(concatWeights(shapes, place))]
}

/** Maximum: a kink for each two of its inputs. */
export const readMaximum: LayerReader = (_, shapes) => largest(shapes)

/** Minimum: -max(-x_1, -x_2, ...) */
export const readMinimum: LayerReader = (_, shapes) => {
  const [gather, kink] = largest(shapes)
  const size = sameSize(shapes)
  return [gather, negate(size * shapes.length), kink, negate(size)]
}

function largest(shapes: readonly Shape[]): readonly [Piece, Piece] {
  const units = sameSize(shapes)
  const count = shapes.length
  const valid = new Uint8Array(count * units).fill(1)
  return [
    affine(
      concatWeights(
        shapes.map(() => [units]),
        0,
      ),
    ),
    kinkPiece((count * (count - 1)) / 2, maximum(units, count, valid)),
  ]
}

function negate(size: number): Piece {
  return affine(diagonalWeights(new Float64Array(size).fill(-1), new Float64Array(size)))
}

function affine(weights: AffineWeights): Piece {
  return {kind: 'affine', source: {read: async () => weights}}
}

/** Size of the inputs, which must all have the same shape. */
function sameSize(shapes: readonly Shape[]): number {
  const [first] = shapes
  if (!shapes.every((shape) => String(shape) === String(first))) {
    const texts = shapes.map((shape) => `[${shape}]`).join(', ')
    throw new Unreadable(`expected inputs of one shape, got ${texts}`)
  }
  return sizeOf(first!)
}
