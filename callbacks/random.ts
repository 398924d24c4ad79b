import type {RandomSource} from '../src/common/random.js'

export {pickDistinct, type RandomSource, randomStream} from '../src/common/random.js'

/** Whole numbers below `count`, each drawn anew. */
export function pick(rng: RandomSource, n: number, count: number): Int32Array {
  return Int32Array.from({length: n}, () => Math.floor(rng() * count))
}
