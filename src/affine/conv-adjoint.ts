import {
  concat,
  conv2d,
  slice,
  type Tensor2D,
  type Tensor4D,
  tensor4d,
  tidy,
  zeros,
} from '@tensorflow/tfjs'
import {once} from '../common/once.js'
import type {Keep} from './affine-map.js'
import type {AxisGeometry, ConvGeometry} from './conv-geometry.js'

/**
 * The adjoint of a convolution, as convolutions with stride 1 of the rows themselves. `conv2dTranspose` is the
 * same map, but ten times slower on WASM, where it has no kernel built on matrix products.
 *
 * Output p reads input u through tap i where u + before = p stride + i. So the inputs with
 * (u + before) mod stride = f are reached through the taps f, f + stride, ... alone, and among themselves lie one
 * output apart: one convolution for each f along the height, with the f along the width as channels.
 *
 * @returns `[rows, out]` -> rows W, `[rows, in]`
 */
export function convAdjoint(
  kernel: Float64Array,
  geometry: ConvGeometry,
  keep: Keep,
): (rows: Tensor2D) => Tensor2D {
  const {height, width, inputChannels, outputChannels} = geometry
  const across = phase(width, 0)
  const phases = Array.from({length: height.stride}, (_, f) => {
    const along = phase(height, f)
    const values = phaseKernel(kernel, geometry, along.taps, across.taps, f)
    const shape: [number, number, number, number] = [
      along.taps,
      across.taps,
      outputChannels,
      width.stride * inputChannels,
    ]
    return {along, filter: once(() => keep(tensor4d(values, shape)))}
  })
  // Where the image begins in what the phases make together.
  const cut = [height.before % height.stride, width.before % width.stride] as const
  return (rows) =>
    tidy(() => {
      const count = rows.shape[0]
      const images = rows.reshape([count, height.output, width.output, outputChannels]) as Tensor4D
      const lines = phases.map(({along, filter}) => {
        const shape = [count * along.count, across.count * width.stride * inputChannels]
        if (along.taps === 0) return zeros(shape)
        return stride1(images, filter(), along, across).reshape(shape)
      })
      const joined = lines.length === 1 ? lines[0]! : concat(lines, 1)
      const whole = [
        count,
        phases[0]!.along.count * height.stride,
        across.count * width.stride,
        inputChannels,
      ]
      const size = [count, height.input, width.input, inputChannels]
      const isCut = size.some((length, axis) => length !== whole[axis])
      const kept = isCut ? slice(joined.reshape(whole), [0, ...cut, 0], size) : joined
      return kept.reshape([count, height.input * width.input * inputChannels]) as Tensor2D
    })
}

/** The inputs of one axis with (u + before) mod stride = f. */
interface Phase {
  /** How many taps reach them. */
  readonly taps: number
  /** How many there are, some of them outside the image. */
  readonly count: number
  /** Zeros that stand for outputs before the first and after the last. */
  readonly before: number
  readonly after: number
}

function phase({input, output, window, stride, before}: AxisGeometry, f: number): Phase {
  const taps = Math.max(0, Math.ceil((window - f) / stride))
  const first = Math.floor(before / stride)
  const last = Math.floor((input - 1 + before) / stride)
  return {taps, count: last - first + 1, before: taps - 1 - first, after: last - output + 1}
}

/** `[taps along, taps across, out, stride across x in]`, the taps in reversed order. */
function phaseKernel(
  kernel: Float64Array,
  {height, width, inputChannels, outputChannels}: ConvGeometry,
  tapsAlong: number,
  tapsAcross: number,
  f: number,
): Float32Array {
  const channels = width.stride * inputChannels
  const values = new Float32Array(tapsAlong * tapsAcross * outputChannels * channels)
  for (let i = f; i < height.window; i += height.stride) {
    const a = tapsAlong - 1 - Math.floor(i / height.stride)
    for (let j = 0; j < width.window; j++) {
      const b = tapsAcross - 1 - Math.floor(j / width.stride)
      const to = (a * tapsAcross + b) * outputChannels * channels
      const from = (i * width.window + j) * inputChannels * outputChannels
      for (let c = 0; c < inputChannels; c++) {
        const channel = (j % width.stride) * inputChannels + c
        for (let o = 0; o < outputChannels; o++) {
          values[to + o * channels + channel] = kernel[from + c * outputChannels + o]!
        }
      }
    }
  }
  return values
}

/** A convolution with stride 1, and with zeros on every side. */
function stride1(images: Tensor4D, filter: Tensor4D, along: Phase, across: Phase): Tensor4D {
  return conv2d(images, filter, 1, [
    [0, 0],
    [along.before, along.after],
    [across.before, across.after],
    [0, 0],
  ])
}
