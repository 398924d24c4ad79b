import {
  add,
  div,
  getBackend,
  matMul,
  max,
  type Scalar,
  square,
  stack,
  sub,
  sum,
  type Tensor3D,
  tensor3d,
  tidy,
} from '@tensorflow/tfjs'
import {matrixByMatrix} from '../common/matrix-by-matrix.js'
import {readOne} from '../common/read-out.js'
import type {AxisGeometry, ConvGeometry} from './conv-geometry.js'
import {largestSize} from './largest-size.js'

/** Squarings of the Gram matrices: m = 2^5. The bound is at most n^(1/128) too large, 3.3 % for n = 64. */
const squarings = 5

/** Frequencies an axis, for each degree of the symbol on it: the more, the tighter, at most 2 % or 8.2 % an axis. */
const densities = [8, 4]

/** More products than this cost more than what the tighter bound is worth. */
const mostProducts = 2 ** 33

/**
 * A certified upper bound on the spectral norm of a convolution, from its symbol: on an image without edges a convolution
 * acts on each frequency alone, through a matrix P(frequency), and its norm is the largest of theirs. Edges with zeros only
 * leave some inputs and outputs out. With stride s, output p reads input s (p + m) + f through tap s m + f: P has the inputs of
 * each f as channels of their own,
 *
 *     P(t) = [sum_m K_(s m + f) e^(i m t)]_f.
 *
 * u* P(t) v is a trigonometric polynomial of degree d in t. Around a place where its real part is largest, with the value
 * M, it is at least M cos(d (t - t_0) / 2) (M. Riesz), and one of N frequencies at equal steps is within pi / N: the largest norm at
 * these, over cos(pi d / 2N) for each axis, bounds all. Each of them is bounded as in `spectralNormBound`.
 *
 * @param kernel `[height, width, in, out]`, finite
 * @param roundoff of the backend's products, see `measureRoundoff`
 * @returns the bound, in float64 on the host; undefined where it takes too many products
 */
export async function symbolNormBound(
  kernel: Float64Array,
  geometry: ConvGeometry,
  roundoff: number,
): Promise<number | undefined> {
  const largest = largestSize(kernel)
  const axes = [geometry.height, geometry.width] as const
  const [rows, columns] = sidesOf(geometry)
  for (const density of densities) {
    const counts = axes.map((axis) => Math.max(1, density * degreeOf(axis)))
    // Opposite frequencies have conjugate matrices.
    const across = Math.floor(counts[1]! / 2) + 1
    const count = counts[0]! * across
    if (4 * count * rows ** 2 * (columns + squarings * rows) > mostProducts) continue
    const shape: [number, number, number] = [count, rows, columns]
    const symbol = symbolAt(kernel, geometry, largest, counts[0]!, counts[1]!, across)
    const missed = axes.reduce((product, axis, a) => {
      return product * Math.cos((Math.PI * degreeOf(axis)) / (2 * counts[a]!))
    }, 1)
    const room = 1.001 + 8 * rows * roundoff
    return (room * largest * (await largestNorm(symbol, shape))) / missed
  }
  return undefined
}

/** Taps that reach one phase of the inputs, less one. */
function degreeOf({window, stride}: AxisGeometry): number {
  return Math.ceil(window / stride) - 1
}

/** The shorter and the longer side of the symbol. */
function sidesOf({height, width, inputChannels, outputChannels}: ConvGeometry): [number, number] {
  const inputs = height.stride * width.stride * inputChannels
  return [Math.min(inputs, outputChannels), Math.max(inputs, outputChannels)]
}

/** Real and imaginary parts of the symbol of a kernel over `largest`, `[frequencies x rows x columns]` each. */
function symbolAt(
  kernel: Float64Array,
  {height, width, inputChannels, outputChannels}: ConvGeometry,
  largest: number,
  along: number,
  around: number,
  across: number,
) {
  const inputs = height.stride * width.stride * inputChannels
  const size = inputs * outputChannels
  const real = new Float32Array(along * across * size)
  const imaginary = new Float32Array(real.length)
  const wide = outputChannels <= inputs
  for (let f = 0; f < along * across; f++) {
    const [down, right] = [Math.floor(f / across) / along, (f % across) / around]
    const [re, im] = [new Float64Array(size), new Float64Array(size)]
    for (let tap = 0; tap < height.window * width.window; tap++) {
      const [i, j] = [Math.floor(tap / width.window), tap % width.window]
      const turns = Math.floor(i / height.stride) * down + Math.floor(j / width.stride) * right
      const [cosine, sine] = [Math.cos(2 * Math.PI * turns), Math.sin(2 * Math.PI * turns)]
      const phase = (i % height.stride) * width.stride + (j % width.stride)
      for (let input = 0; input < inputChannels; input++) {
        const column = phase * inputChannels + input
        const from = (tap * inputChannels + input) * outputChannels
        for (let output = 0; output < outputChannels; output++) {
          const at = wide ? output * inputs + column : column * outputChannels + output
          const weight = kernel[from + output]! / largest
          re[at]! += weight * cosine
          im[at]! += weight * sine
        }
      }
    }
    real.set(re, f * size)
    imaginary.set(im, f * size)
  }
  return {real, imaginary}
}

/** The largest spectral norm of complex matrices, from above. */
async function largestNorm(
  symbol: {readonly real: Float32Array; readonly imaginary: Float32Array},
  shape: [number, number, number],
): Promise<number> {
  const scales = tidy(() => {
    const [c, s] = [tensor3d(symbol.real, shape), tensor3d(symbol.imaginary, shape)]
    // P P* = (C + iS) (C' - iS')
    let re = add(product(c, c, true), product(s, s, true)) as Tensor3D
    let im = sub(product(s, c, true), product(c, s, true)) as Tensor3D
    const found: Scalar[] = []
    for (let k = 0; k < squarings; k++) {
      // The largest entry of all lies on a diagonal. What it takes below float32 belongs to smaller norms.
      const scale = max(re) as Scalar
      found.push(scale)
      re = div(re, scale) as Tensor3D
      im = div(im, scale) as Tensor3D
      const squared = sub(product(re, re), product(im, im)) as Tensor3D
      im = add(product(re, im), product(im, re)) as Tensor3D
      re = squared
    }
    found.push(max(add(sum(square(re), [1, 2]), sum(square(im), [1, 2]))) as Scalar)
    return stack(found)
  })
  const read = await readOne(scales)
  const rest = [...read]
  if (!(rest[0]! > 0)) return 0
  let logarithm = Math.log(Math.sqrt(rest.pop()!)) / 2 ** squarings
  rest.forEach((scale, k) => {
    logarithm += Math.log(scale) / 2 ** k
  })
  return Math.exp(logarithm / 2)
}

/** Products of stacks: on WASM one by one, which is many times faster there. */
function product(a: Tensor3D, b: Tensor3D, transposed = false): Tensor3D {
  if (getBackend() !== 'wasm') return matMul(a, b, false, transposed)
  return matrixByMatrix([a, b], ([left, right]) => matMul(left!, right!, false, transposed))
}
