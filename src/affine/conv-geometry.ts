/** Padding as tf.layers names it. */
export type Padding = 'same' | 'valid'

/** One axis of a convolution or a pool: which input each output's window begins at. */
export interface AxisGeometry {
  readonly input: number
  readonly output: number
  /** Length of the window, holes of a dilation included. */
  readonly window: number
  readonly stride: number
  /** Zeros before the first input. */
  readonly before: number
}

/**
 * Output length and padding of one axis, as TensorFlow has them: `same` gives ceil(input / stride)
 * outputs and pads less before than after; `valid` gives those whose window lies inside.
 */
export function axisGeometry(
  input: number,
  window: number,
  stride: number,
  padding: Padding,
): AxisGeometry {
  if (padding === 'valid') {
    const output = Math.floor((input - window) / stride) + 1
    return {input, output, window, stride, before: 0}
  }
  const output = Math.ceil(input / stride)
  const total = Math.max(0, (output - 1) * stride + window - input)
  return {input, output, window, stride, before: Math.floor(total / 2)}
}

/** Where the numbers of a convolution lie. */
export interface ConvGeometry {
  readonly height: AxisGeometry
  readonly width: AxisGeometry
  readonly inputChannels: number
  readonly outputChannels: number
  /** Taps of the kernel that are not holes of a dilation. */
  readonly taps: number
}

/**
 * The taps of one output unit that fall inside the image: for each, where its pixel's channels begin
 * in the input and where the weights of that pixel for the unit's channel begin in the kernel.
 */
export function eachTap(
  {height, width, inputChannels, outputChannels}: ConvGeometry,
  unit: number,
  take: (input: number, kernel: number) => void,
): void {
  const channel = unit % outputChannels
  const place = Math.floor(unit / outputChannels)
  const top = Math.floor(place / width.output) * height.stride - height.before
  const left = (place % width.output) * width.stride - width.before
  for (let i = Math.max(0, -top); i < height.window && top + i < height.input; i++) {
    for (let j = Math.max(0, -left); j < width.window && left + j < width.input; j++) {
      const input = ((top + i) * width.input + left + j) * inputChannels
      take(input, (i * width.window + j) * inputChannels * outputChannels + channel)
    }
  }
}

/** Euclidean length of each row: shorter where the kernel reaches over the edge. */
export function convRowNorms(kernel: Float64Array, geometry: ConvGeometry): Float64Array {
  const {height, width, inputChannels, outputChannels} = geometry
  const places = height.output * width.output
  const squares = new Float64Array(places * outputChannels)
  for (let unit = 0; unit < squares.length; unit++) {
    eachTap(geometry, unit, (_, at) => {
      for (let i = 0; i < inputChannels; i++)
        squares[unit]! += kernel[at + i * outputChannels]! ** 2
    })
  }
  return squares.map(Math.sqrt)
}

/** A convolution as the matrix that it is, `[outputs x inputs]`; `kernel` is `[height, width, in, out]`. */
export function writtenOut(kernel: Float64Array, geometry: ConvGeometry): Float32Array {
  const {height, width, inputChannels, outputChannels} = geometry
  const inputs = height.input * width.input * inputChannels
  const outputs = height.output * width.output * outputChannels
  const values = new Float32Array(outputs * inputs)
  for (let unit = 0; unit < outputs; unit++) {
    eachTap(geometry, unit, (input, at) => {
      const start = unit * inputs + input
      for (let i = 0; i < inputChannels; i++) values[start + i] = kernel[at + i * outputChannels]!
    })
  }
  return values
}
