import type {Kink} from '../kinks/kink.js'
import type {AffineValues} from './affine-values.js'
import {elementwisePieces} from './elementwise-pieces.js'
import {maximumPieces} from './maximum-pieces.js'
import type {Row} from './row.js'

/** One of the inequalities that keep a unit on its piece: row >= 0. */
export interface Side {
  readonly row: Row
  readonly noise: number
  /** Whether the unit is on the other piece where the row is zero throughout. */
  readonly strict: boolean
  /** The piece on the other side. */
  readonly beyond: number
}

/**
 * The affine pieces of a kink: for a function of one number, how many of its thresholds lie below it; for a
 * maximum, which candidate wins. The pieces of all units together are the activation pattern.
 */
export interface KinkPieces {
  readonly units: number
  /** Pieces of a unit. */
  readonly count: number
  /** Some piece of the unit, to start a search from. */
  first(unit: number): number
  /** What keeps the unit on the piece. */
  sides(values: AffineValues, unit: number, piece: number): Side[]
  /** The outputs, with every unit on its piece. */
  image(values: AffineValues, pieces: Int32Array): AffineValues
}

/** The pieces of a kink, asked of the kink itself. */
export function piecesOf(kink: Kink, units: number): KinkPieces {
  if (kink.thresholds) return elementwisePieces(kink, [...new Set(kink.thresholds)], units)
  const numbers = kink.candidates * units
  const atZero = kink.at(new Float32Array(numbers), new Float32Array(numbers))
  // Where all tie, a candidate that is there is either the winner or a rival at distance 0.
  const there = Array.from(atZero.gap, (gap, at) => gap === 0 || atZero.first(at) === at)
  return maximumPieces(units, kink.candidates, there)
}
