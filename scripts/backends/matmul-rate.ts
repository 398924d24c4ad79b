import * as tf from '@tensorflow/tfjs'
import {measureRoundoff} from '../../src/forward/rounding.js'
import {median, timeRuns} from '../bench/median.js'

/** How fast and how precisely a backend multiplies matrices. */
export interface Speed {
  /** Of two `size` x `size` matrices in float32: the median of a few products. */
  readonly matMul: {readonly size: number; readonly gflops: number}
  /** Unit round-off of the matrix product: 2^-24, or 2^-11 where a GPU multiplies in TF32. */
  readonly roundoff: number
}

/** Milliseconds that a product may take where nobody waits for a measurement. */
const brief = 100

/**
 * Measures the active backend. Without a size 1024, or 256 where 1024 would take long: plain
 * JavaScript needs three seconds for one product.
 */
export async function describeSpeed({size}: {size?: number} = {}): Promise<Speed> {
  const roundoff = await measureRoundoff()
  if (size !== undefined) return {matMul: await matMulRate(size, 5), roundoff}
  const small = await matMulRate(256, 3)
  const expected = (2 * 1024 ** 3) / small.gflops / 1e6
  return {matMul: expected > brief ? small : await matMulRate(1024, 3), roundoff}
}

/** Products until this many milliseconds are timed at once, so that reading one number back counts little. */
const batch = 20

async function matMulRate(size: number, runs: number): Promise<Speed['matMul']> {
  const a = tf.tidy(() => tf.reshape(tf.linspace(-1, 1, size * size), [size, size]))
  const multiply = async (times: number) => {
    const corner = tf.tidy(() => {
      for (let k = 1; k < times; k++) tf.matMul(a, a).dispose()
      return tf.slice(tf.matMul(a, a), [0, 0], [1, 1])
    })
    await corner.data()
    corner.dispose()
  }
  try {
    const [once] = (await timeRuns(1, () => multiply(1))) as [number]
    const times = Math.max(1, Math.min(100, Math.round(batch / once)))
    // One that takes seconds is not repeated: its share of chance is small.
    const slow = once > 1000
    const perProduct = slow ? once : median(await timeRuns(runs, () => multiply(times))) / times
    return {size, gflops: (2 * size ** 3) / perProduct / 1e6}
  } finally {
    a.dispose()
  }
}
