import {randomNormal} from 'd3-random'
import alea from 'seedrandom/lib/alea.js'

/** Uniform random numbers in [0, 1). */
export type RandomSource = () => number

/**
 * The stream of random numbers that belongs to a text, the same on every machine.
 *
 * Streams of different texts are independent, so that one more group or snapshot changes no other.
 * Nothing here touches `Math.random`, which `model.fit` shuffles with.
 *
 * ```ts
 * const rng = randomStream('1/train/0')
 * rng() //-> a number in [0, 1)
 * ```
 */
export function randomStream(key: string): RandomSource {
  return alea(key).double
}

/** Fills an array with standard normal numbers drawn from a uniform stream. */
export function fillNormal(values: Float64Array, rng: RandomSource): Float64Array {
  const normal = randomNormal.source(rng)()
  for (let i = 0; i < values.length; i++) values[i] = normal()
  return values
}

/**
 * `n` different whole numbers below `count`, in random order (the first n steps of a Fisher-Yates
 * shuffle).
 */
export function pickDistinct(rng: RandomSource, n: number, count: number): Int32Array {
  const moved = new Map<number, number>()
  return Int32Array.from({length: n}, (_, index) => {
    const other = index + Math.floor(rng() * (count - index))
    const picked = moved.get(other) ?? other
    moved.set(other, moved.get(index) ?? index)
    return picked
  })
}
