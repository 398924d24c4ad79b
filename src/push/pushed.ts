import {dispose, type Tensor, type Tensor2D, type Tensor3D} from '@tensorflow/tfjs'
import type {Passed} from './inner-products.js'

/** What an earlier layer's open units add to the rows of later ones. */
export type OpenBlock = {
  /** How many units, with what is padded. */
  readonly own: number
  /** Gaps of the lower lines, and then of the upper ones, `[points, 1, 2 x own]`. */
  readonly gaps: Tensor3D
  /** Lower less upper slope, `[points, own, 1]`. */
  readonly slopeDrop: Tensor3D
  /** How its numbers move with the outputs of the open units of the blocks before, `[points, units before, own]`. */
  readonly moves: Tensor3D | undefined
}

/** The open units of all blocks, and what the numbers of the layer that has been reached say of them. */
export type Open = {
  /** How the numbers move with the units' outputs, `[points, units, numbers]`. */
  readonly entries: Tensor3D
  /** Inner products at the input of the units' rows, `[points, units, units]`. */
  readonly gram: Tensor3D
  /** The units' rows, `[points, units, directions]`; undefined where `inner` is followed. */
  readonly rows: Tensor3D | undefined
  /** Inner products of the units' rows with the numbers' ones, `[points, units, numbers]`, where these are followed. */
  readonly inner: Tensor3D | undefined
}

/**
 * A chain of maps and kinks with one slope a unit, the upper line's, pushed forward at some points as far as the numbers that
 * layer `layer` reads: how these move with the input, and with the outputs of the open units of every layer before.
 */
export interface Pushed {
  readonly layer: number
  /** Of `points` or, in the first layer, of any: `[points or 1, directions, numbers]`. */
  readonly directions: Tensor3D
  /** Undefined where there are none. */
  readonly open: Open | undefined
  readonly blocks: readonly OpenBlock[]
  /** The kinks that were passed on the way, each with the map before it. */
  readonly passed: readonly Passed[]
  /** Inner products of the first layer's rows, `[numbers, numbers]`, where these are factored and inner products followed. */
  readonly gram: Tensor2D | undefined
}

/** Gives back everything that was pushed. */
export function disposePushed({directions, open, blocks, passed, gram}: Pushed): void {
  dispose(tensorsOf(directions, open, gram))
  for (const {gaps, slopeDrop, moves} of blocks) dispose(tensorsOf(gaps, slopeDrop, moves))
  for (const {slopes} of passed) slopes.dispose()
}

/** The tensors of what is there. */
export function tensorsOf(...held: readonly (Tensor | Open | undefined)[]): Tensor[] {
  return held.flatMap((item) => {
    if (!item) return []
    return 'dispose' in item ? [item as Tensor] : tensorsOf(...(Object.values(item) as Tensor[]))
  })
}
