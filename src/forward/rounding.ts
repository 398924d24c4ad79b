import {matMul, type Tensor2D, tensor2d, tidy} from '@tensorflow/tfjs'
import {oncePerBackend} from '../common/once-per-backend.js'
import {readOne} from '../common/read-out.js'

/** Unit round-off of float32. */
export const float32Roundoff = 2 ** -24

/**
 * The unit round-off u of the backend's matrix product: 2^-24, or more where it rounds its arguments
 * to fewer bits (TF32 on Ampere and newer GPUs: 2^-11).
 *
 * Multiplies numbers 1 + k 2^-12 by the identity, which only rounds the arguments: a product that
 * keeps float32 gives them back.
 *
 * ```ts
 * await measureRoundoff()  //-> 5.96e-8 on a CPU
 * ```
 */
export async function measureRoundoff(): Promise<number> {
  const n = 64
  const values = Float32Array.from({length: n * n}, (_, i) => 1 + ((i * 37) % 4096) * 2 ** -12)
  const identity = new Float32Array(n * n)
  for (let i = 0; i < n; i++) identity[i * n + i] = 1
  const product = tidy(
    () => matMul(tensor2d(values, [n, n]), tensor2d(identity, [n, n])) as Tensor2D,
  )
  const found = await readOne(product)
  const largest = values.reduce((worst, v, i) => Math.max(worst, Math.abs(found[i]! - v) / v), 0)
  return Math.max(float32Roundoff, largest)
}

const [float32, bits] = oneNumber()

function oneNumber(): [Float32Array, Int32Array] {
  const number = new Float32Array(1)
  return [number, new Int32Array(number.buffer)]
}

/** The largest float32 that is no more than a number. */
export function roundedDown(value: number): number {
  float32[0] = value
  if (!(float32[0]! > value)) return float32[0]!
  // The bits of float32 rise with its size, whatever the sign; below 0 comes the least number that is negative.
  if (float32[0] === 0) return -(2 ** -149)
  bits[0]! += float32[0]! > 0 ? -1 : 1
  return float32[0]!
}

/** The least float32 that is no less than a number. */
export function roundedUp(value: number): number {
  return -roundedDown(-value)
}

const known = oncePerBackend(measureRoundoff)

/** What `measureRoundoff` says of the active backend, which it is asked once: a backend keeps to its arithmetic. */
export const roundoffOfBackend = (): Promise<number> => known.ask()

/** Has it measured anew: the active backend multiplies in another way from now on. */
export const forgetRoundoff = (): void => known.assume(undefined)

/** Below this round-off a product counts as float32, however its sums are arranged. */
export const single = 2 ** -20

/**
 * What to tell of a backend whose matrix product is coarser than float32's; undefined of any other.
 *
 * ```ts
 * coarseProducts('tensorflow', 2 ** -11)  // 'tensorflow rounds matrix products to 2^-11, ...'
 * ```
 */
export function coarseProducts(backend: string, roundoff: number): string | undefined {
  if (roundoff <= single) return undefined
  return (
    `${backend} rounds matrix products to 2^${Math.round(Math.log2(roundoff))}, not to float32's 2^-24, ` +
    'as GPUs do in TF32: bounds are widened by that, and distances are less exact'
  )
}

/**
 * How far rounding may move a sum of n products, relative to the sum of their sizes: 8 sqrt(n) u.
 *
 * The probabilistic size of one layer's own rounding (Higham and Mary, 2019), not a worst case that
 * is carried through all layers.
 */
export function roundingFactor(terms: number, roundoff: number): number {
  return 8 * Math.sqrt(terms) * roundoff
}
