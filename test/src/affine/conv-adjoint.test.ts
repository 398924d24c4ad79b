import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {type ConvOptions, convWeights} from '../../../src/affine/conv2d.js'
import {withMap} from '../../support/affine-cases.js'
import {backends, useBackend} from '../../support/backends.js'
import {type Draw, draws} from '../../support/draw.js'
import {near} from '../../support/near.js'

/** Windows longer and shorter than the stride, images that the windows do not reach the end of, holes. */
function drawOptions(random: Draw): ConvOptions {
  const padding = random.pick(['same', 'valid'] as const)
  const kernel = [random.whole(1, 5), random.whole(1, 4)] as const
  const holes = random.between(0, 1) < 0.3
  const strides = holes ? ([1, 1] as const) : ([random.whole(1, 4), random.whole(1, 3)] as const)
  const dilation = holes ? ([random.whole(1, 3), 2] as const) : ([1, 1] as const)
  const [height, width] = kernel.map((taps, axis) => {
    const least = padding === 'same' ? 1 : (taps - 1) * dilation[axis]! + 1
    return least + random.whole(0, 6)
  }) as [number, number]
  const channels = [random.whole(1, 3), random.whole(1, 3)] as const
  return {
    inputShape: [height, width, channels[0]],
    kernelShape: [...kernel, ...channels],
    strides,
    dilation,
    padding,
  }
}

/** The matrix `[in][out]` of a convolution: tf's own, run on unit vectors. */
async function unitResponses(kernel: Float64Array, options: ConvOptions): Promise<number[][]> {
  const {inputShape, kernelShape, strides, dilation, padding} = options
  const size = inputShape.reduce((a, b) => a * b, 1)
  const responses = tf.tidy(() => {
    const units = tf.eye(size).reshape([size, ...inputShape]) as tf.Tensor4D
    const filter = tf.tensor4d(Float32Array.from(kernel), [...kernelShape])
    return tf
      .conv2d(units, filter, [...strides], padding, 'NHWC', [...dilation])
      .reshape([size, -1]) as tf.Tensor2D
  })
  const found = await responses.array()
  responses.dispose()
  return found
}

const random = draws('convolutions')
const cases = Array.from({length: 150}, () => {
  const options = drawOptions(random)
  const size = options.kernelShape.reduce((a, b) => a * b, 1)
  return {options, kernel: random.normals(size), bias: random.normals(options.kernelShape[3])}
})
// in plain loops: WASM's own convolution is wrong where a stride is longer than its window
await tf.setBackend('cpu')
const matrices = await Promise.all(cases.map((c) => unitResponses(c.kernel, c.options)))

/** `[in][out]` times a column, or a row times it. */
const times = (matrix: number[][], x: readonly number[]) =>
  matrix[0]!.map((_, out) => x.reduce((sum, xi, i) => sum + xi * matrix[i]![out]!, 0))
const against = (matrix: number[][], row: readonly number[]) =>
  matrix.map((response) => row.reduce((sum, r, out) => sum + r * response[out]!, 0))

for (const backend of backends) {
  const test = suite(`any window, stride, dilation and padding on ${backend}`)
  test.before(() => useBackend(backend))

  for (const name of ['linear', 'adjoint', 'rows'] as const) {
    test(`${name} is as the matrix has it`, async () => {
      for (const [k, {options, kernel, bias}] of cases.entries()) {
        const matrix = matrices[k]!
        const [inputs, outputs] = [matrix.length, matrix[0]!.length]
        const label = JSON.stringify(options)
        await withMap(convWeights(kernel, bias, options), async (map) => {
          assert.equal([...map.inputSizes, map.outputSize], [inputs, outputs], label)
          const draw = (size: number) => Array.from(random.normals(size), Math.fround)
          const given = Array.from({length: 2}, () => draw(name === 'linear' ? inputs : outputs))
          const units = Int32Array.of(0, outputs - 1)
          const wanted = {
            linear: () => given.flatMap((x) => times(matrix, x)),
            adjoint: () => given.flatMap((row) => against(matrix, row)),
            rows: () => [...units].flatMap((unit) => matrix.map((response) => response[unit]!)),
          }
          const uploaded = tf.tensor2d(given)
          const made = {
            linear: () => map.linear([uploaded]),
            adjoint: () => map.adjoint(uploaded)[0]!,
            rows: () => map.rows(units)[0]!,
          }[name]()
          near(await made.data(), wanted[name](), {relative: 1e-5, scale: 1, label})
          assert.equal(made.shape, [2, name === 'linear' ? outputs : inputs], label)
          tf.dispose([uploaded, made])
        })
      }
    })
  }
  test.run()
}
