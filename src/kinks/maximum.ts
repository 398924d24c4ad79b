import {max, type Tensor2D, tensor2d, tidy} from '@tensorflow/tfjs'
import {anything, type Kink} from './kink.js'
import {MaximumAtPoints, winnerOf} from './maximum-at-points.js'

/**
 * The largest of K numbers a unit: max pooling, Maximum, maxout. A boundary runs wherever the winner ties with
 * a rival; where two losers tie, nothing happens.
 *
 * @param valid `[K x units]`: whether unit and candidate exist (windows at an edge have fewer); at least
 *   one a unit
 */
export function maximum(units: number, candidates: number, valid: Uint8Array): Kink {
  // A number that is not there never wins.
  const penalty = Float32Array.from(valid, (there) => (there ? 0 : -1e30))
  const padded = penalty.some((value) => value !== 0)
  return {
    candidates,
    steepest: 1,
    silent: false,
    monotone: true,
    exact: true,
    range: anything,
    bendsWithin: () => true,
    activation: (z) =>
      tidy(() => {
        const there = padded ? z.add(tensor2d(penalty, [1, penalty.length])) : z
        return max(there.reshape([-1, candidates, units]), 1) as Tensor2D
      }),
    value64: (z) => {
      const numbers = candidates * units
      return Float64Array.from({length: z.length / candidates}, (_, at) => {
        const start = Math.floor(at / units) * numbers
        return z[start + winnerOf(z, start, at % units, units, valid)]!
      })
    },
    at: (z, rounding) => new MaximumAtPoints(units, candidates, valid, z, rounding),
  }
}
