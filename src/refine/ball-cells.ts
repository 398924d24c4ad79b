import {type EnclosingBall, enclosingBall, type Limit} from './enclosing-ball.js'

/** A unit's kink, and the half-space of the unit ball around a point that lies on one side of it, a little too large. */
export interface DecidedKink extends Limit {
  readonly layer: number
  readonly unit: number
  readonly threshold: number
  /** 1 where the unit is above the threshold, else -1. */
  readonly side: 1 | -1
  /** Of length 1, pointing into the half-space. */
  readonly normal: Float32Array
}

/** A kink that a cell can be split at. */
export interface Cut {
  readonly layer: number
  readonly unit: number
  readonly threshold: number
  /** (value - threshold) / length of the gradient is normal . y - offset, up to `error` on the unit ball. */
  readonly normal: Float32Array
  readonly offset: number
  readonly error: number
}

/** A part of the unit ball where some kinks are decided, within a ball of its own. */
export interface BallCell {
  /** Which of the balls it is a part of. */
  readonly point: number
  readonly decided: readonly DecidedKink[]
  /** Inner products of the normals. */
  readonly gram: Float64Array
  readonly within: EnclosingBall
}

/** The unit ball around a point. */
export function wholeBallCell(point: number): BallCell {
  const within = {weights: new Float64Array(0), radius: 1}
  return {point, decided: [], gram: new Float64Array(0), within}
}

/** The parts of a cell on both sides of a kink, less those that are surely empty. */
export function cutCell(cell: BallCell, cut: Cut): BallCell[] {
  const {layer, unit, threshold, offset, error} = cut
  return ([1, -1] as const).flatMap((side) => {
    const bound = side * offset - error
    const own: DecidedKink = {
      layer,
      unit,
      threshold,
      side,
      normal: side === 1 ? cut.normal : cut.normal.map((v) => -v),
      bound,
      // Off the hyperplane, so that rounding leaves no doubt of the center's side.
      target: bound + 4 * error + 1e-5,
    }
    const decided = [...cell.decided, own]
    const gram = extended(cell.gram, decided)
    const within = enclosingBall(gram, decided)
    return within ? [{point: cell.point, decided, gram, within}] : []
  })
}

/** Puts in the products of the last normal with all. */
function extended(gram: Float64Array, decided: readonly DecidedKink[]): Float64Array {
  const n = decided.length
  const out = new Float64Array(n * n)
  for (let i = 0; i < n - 1; i++) {
    for (let j = 0; j < n - 1; j++) out[i * n + j] = gram[i * (n - 1) + j]!
  }
  const last = decided[n - 1]!.normal
  decided.forEach(({normal}, i) => {
    let product = 0
    for (let k = 0; k < last.length; k++) product += normal[k]! * last[k]!
    out[i * n + n - 1] = product
    out[(n - 1) * n + i] = product
  })
  return out
}
