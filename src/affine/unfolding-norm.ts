import type {ConvGeometry} from './conv-geometry.js'
import {hostNormBound} from './spectral-norm.js'

/** A Gram matrix with a longer side than this costs more than what the tighter bound is worth. */
const longestGram = 512

/**
 * A certified upper bound on the spectral norm of a convolution, cheap with any number of channels: sqrt(taps) times the
 * least spectral norm of the four unfoldings of the kernel as a matrix, each of which bounds the kernel's symbol at every
 * frequency, hence every zero-padded, valid, strided or dilated version of the convolution (Singla and Feizi,
 * arXiv:1911.10258). Up to sqrt(taps) too large; `symbolNormBound` is tighter where it can be had.
 *
 * @param kernel `[height, width, in, out]`, finite
 * @param roundoff of the backend's products, see `measureRoundoff`
 * @returns the bound, in float64 on the host
 */
export async function unfoldingNormBound(
  kernel: Float64Array,
  {height, width, inputChannels, outputChannels, taps}: ConvGeometry,
  roundoff: number,
): Promise<number> {
  const [h, w, a, b] = [height.window, width.window, inputChannels, outputChannels]
  const unfoldings: [number, number, (i: number, j: number, p: number, q: number) => number][] = [
    [b, a * h * w, (i, j, p, q) => q * a * h * w + (p * h + i) * w + j],
    [a, b * h * w, (i, j, p, q) => p * b * h * w + (q * h + i) * w + j],
    [b * h, a * w, (i, j, p, q) => (q * h + i) * a * w + p * w + j],
    [b * w, a * h, (i, j, p, q) => (q * w + j) * a * h + p * h + i],
  ]
  let least = Number.POSITIVE_INFINITY
  for (const [rows, columns, place] of unfoldings) {
    if (least < Number.POSITIVE_INFINITY && Math.min(rows, columns) > longestGram) continue
    const values = new Float32Array(kernel.length)
    kernel.forEach((value, at) => {
      const q = at % b
      const p = Math.floor(at / b) % a
      const j = Math.floor(at / (a * b)) % w
      const i = Math.floor(at / (a * b * w))
      values[place(i, j, p, q)] = value
    })
    least = Math.min(least, await hostNormBound(values, rows, columns, roundoff))
  }
  return Math.sqrt(taps) * least
}
