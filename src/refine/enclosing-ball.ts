/** The half-space n . y >= bound, of which n has length 1; `target` is a larger bound that the ball's center is to keep. */
export interface Limit {
  readonly bound: number
  readonly target: number
}

/** A ball around the point sum_i weights_i n_i. */
export interface EnclosingBall {
  readonly weights: Float64Array
  readonly radius: number
}

/** Passes over the half-spaces: far more than normals that are about orthogonal need. */
const mostPasses = 100

/** For the rounding of sums, and of inner products of normals. */
const room = 1e-9

/**
 * A ball that holds the part of the unit ball in some half-spaces. With any weights w >= 0 and c = sum_i w_i n_i, a point
 * y of that part has 0 <= 2 sum_i w_i (n_i . y - b_i) and |y| <= 1, hence
 *
 *     |y - c|^2  <=  |y|^2 - 2 c . y + |c|^2 + 2 sum_i w_i (n_i . y - b_i)  <=  1 + |c|^2 - 2 sum_i w_i b_i.
 *
 * The best c is the point of the part nearest to the origin, and the square of the radius is then 1 - |c|^2. The weights
 * are found by going up the dual of that quadratic programme, one weight at a time (Hildreth); the ball holds the part
 * however far that comes.
 *
 * @param gram inner products of the normals, `[n x n]`
 * @returns undefined where a radius below 0 proves that there is no such part
 */
export function enclosingBall(
  gram: Float64Array,
  limits: readonly Limit[],
): EnclosingBall | undefined {
  const aimed = ascend(gram, limits, ({target}) => target)
  // Where the targets leave next to nothing, the weights grow for nothing.
  const best = aimed && aimed.radius <= 1.01 ? aimed : ascend(gram, limits, ({bound}) => bound)
  return best
}

function ascend(
  gram: Float64Array,
  limits: readonly Limit[],
  aim: (limit: Limit) => number,
): EnclosingBall | undefined {
  const n = limits.length
  const weights = new Float64Array(n)
  const products = new Float64Array(n)
  for (let pass = 0; pass < mostPasses; pass++) {
    let moved = 0
    for (let i = 0; i < n; i++) {
      const weight = Math.max(0, weights[i]! + aim(limits[i]!) - products[i]!)
      const step = weight - weights[i]!
      if (step === 0) continue
      weights[i] = weight
      for (let j = 0; j < n; j++) products[j]! += step * gram[j * n + i]!
      moved = Math.max(moved, Math.abs(step))
    }
    if (squareOf(weights, products, limits) < 0) return undefined
    if (moved < 1e-7) break
  }
  return {weights, radius: Math.sqrt(squareOf(weights, products, limits))}
}

function squareOf(weights: Float64Array, products: Float64Array, limits: readonly Limit[]): number {
  let [square, sum] = [1, 0]
  weights.forEach((weight, i) => {
    square += weight * (products[i]! - 2 * limits[i]!.bound)
    sum += weight
  })
  return square + room * (1 + sum) ** 2
}
