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

/** Whole numbers below `count`, each drawn anew. */
export function pick(rng: RandomSource, n: number, count: number): Int32Array {
  return Int32Array.from({length: n}, () => Math.floor(rng() * count))
}
