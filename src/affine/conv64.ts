import type {ConvGeometry} from './conv-geometry.js'

/**
 * A convolution of one image in float64, on the host. Channels of a tap's outputs lie side by side, so they are
 * added up together; inputs that are 0, as many are behind a ReLU, are passed over.
 *
 * @param kernel `[height, width, in, out]`
 * @param bias one number a channel
 */
export function convolve64(
  x: Float64Array,
  kernel: Float64Array,
  bias: Float64Array,
  {height, width, inputChannels, outputChannels}: ConvGeometry,
): Float64Array {
  const out = new Float64Array(height.output * width.output * outputChannels)
  for (let start = 0; start < out.length; start += outputChannels) out.set(bias, start)
  for (let row = 0, to = 0; row < height.output; row++) {
    const top = row * height.stride - height.before
    const down = Math.max(0, -top)
    const bottom = Math.min(height.window, height.input - top)
    for (let column = 0; column < width.output; column++, to += outputChannels) {
      const left = column * width.stride - width.before
      const across = Math.max(0, -left)
      const right = Math.min(width.window, width.input - left)
      for (let i = down; i < bottom; i++) {
        // Of one row of the window inputs lie side by side, and so do their weights.
        const from = ((top + i) * width.input + left + across) * inputChannels
        const weights = (i * width.window + across) * inputChannels * outputChannels
        const count = (right - across) * inputChannels
        for (let k = 0; k < count; k++) {
          const value = x[from + k]!
          if (value === 0) continue
          const at = weights + k * outputChannels
          for (let o = 0; o < outputChannels; o++) out[to + o]! += value * kernel[at + o]!
        }
      }
    }
  }
  return out
}
