import {randomNormal} from 'd3-random'
import seedrandom from 'seedrandom'

/** Seeded random numbers: the same seed draws the same ones on every machine. */
export interface Draw {
  /** Uniform between `low` and `high`. */
  between(low: number, high: number): number
  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number
  normal(): number
  pick<T>(choices: readonly T[]): T
  normals(count: number): Float64Array
  /** A vector of length 1, uniform over the sphere. */
  direction(size: number): Float64Array
  /** A point within the closed ball around `center`; one in four on its surface. */
  inBall(center: ArrayLike<number>, radius: number): Float64Array
}

export function draws(seed: number | string): Draw {
  const uniform = seedrandom(String(seed))
  const normal = randomNormal.source(uniform)()
  const normals = (count: number) => Float64Array.from({length: count}, () => normal())
  const direction = (size: number) => {
    const vector = normals(size)
    const length = Math.hypot(...vector)
    return vector.map((v) => v / length)
  }
  return {
    between: (low, high) => low + (high - low) * uniform(),
    whole: (low, high) => low + Math.floor((high - low + 1) * uniform()),
    normal,
    pick: (choices) => choices[Math.floor(choices.length * uniform())]!,
    normals,
    direction,
    inBall: (center, radius) => {
      const size = center.length
      const length = radius * (uniform() < 0.25 ? 1 : uniform() ** (1 / size))
      return direction(size).map((u, i) => center[i]! + length * u)
    },
  }
}
