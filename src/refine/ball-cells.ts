import {type EnclosingBall, enclosingBall, type Limit} from './enclosing-ball.js'

/** One kink of a unit. */
export interface UnitKink {
  readonly layer: number
  readonly unit: number
  readonly threshold: number
}

/** A kink that a cell can be split at. */
export interface Cut extends UnitKink {
  /** (value - threshold) / length of the gradient is normal . y - offset, up to `error` on the unit ball. */
  readonly normal: Float32Array
  readonly offset: number
  readonly error: number
}

/** A kink that a cell lies on one side of; its half-space is a little too large. */
export interface DecidedKink extends Cut, Limit {
  /** 1 where the unit is above the threshold, else -1: the half-space is side normal . y >= bound. */
  readonly side: 1 | -1
}

/** A part of the unit ball where some kinks are decided, within a ball of its own. */
export interface BallCell {
  /** Which of the balls it is a part of. */
  readonly point: number
  readonly decided: readonly DecidedKink[]
  /** Kinks at which it is not to be split: rounding cannot tell them from some that are decided. */
  readonly skipped: readonly UnitKink[]
  /** Inner products of the half-spaces' normals. */
  readonly gram: Float64Array
  readonly within: EnclosingBall
}

/** The unit ball around a point. */
export function wholeBallCell(point: number): BallCell {
  const within = {weights: new Float64Array(0), radius: 1}
  return {point, decided: [], skipped: [], gram: new Float64Array(0), within}
}

/**
 * The parts of a cell on both sides of a kink, less those that are surely empty. At a kink whose hyperplane is, up to
 * rounding, that of another it is not split: half-spaces that are too large would leave parts between the two.
 */
export function cutCell(cell: BallCell, cut: Cut): BallCell[] {
  const {decided, skipped} = cell
  if (decided.some((kink) => sameHyperplane(kink, cut))) {
    return [{...cell, skipped: [...skipped, cut]}]
  }
  return ([1, -1] as const).flatMap((side) => {
    const bound = side * cut.offset - cut.error
    // The center is to be off the hyperplane, so that rounding leaves no doubt of its side.
    const own = {...cut, side, bound, target: bound + 4 * cut.error + 1e-5}
    const all = [...decided, own]
    const gram = extended(cell.gram, all)
    const within = enclosingBall(gram, all)
    return within ? [{...cell, decided: all, gram, within}] : []
  })
}

function sameHyperplane(a: Cut, b: Cut): boolean {
  const room = 4 * (a.error + b.error) + 1e-6
  return [1, -1].some((sign) => {
    let squares = 0
    for (let k = 0; k < a.normal.length; k++) squares += (a.normal[k]! - sign * b.normal[k]!) ** 2
    return Math.sqrt(squares) + Math.abs(a.offset - sign * b.offset) <= room
  })
}

/** Puts in the products of the last normal with all. */
function extended(gram: Float64Array, decided: readonly DecidedKink[]): Float64Array {
  const n = decided.length
  const out = new Float64Array(n * n)
  for (let i = 0; i < n - 1; i++) {
    for (let j = 0; j < n - 1; j++) out[i * n + j] = gram[i * (n - 1) + j]!
  }
  const last = decided[n - 1]!
  decided.forEach(({normal, side}, i) => {
    let product = 0
    for (let k = 0; k < normal.length; k++) product += normal[k]! * last.normal[k]!
    product *= side * last.side
    out[i * n + n - 1] = product
    out[(n - 1) * n + i] = product
  })
  return out
}
