import {EigenvalueDecomposition, Matrix} from 'ml-matrix'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {axisGeometry, type ConvGeometry} from '../../../src/affine/conv-geometry.js'
import {symbolNormBound} from '../../../src/affine/symbol-norm.js'
import {backends, useBackend} from '../../support/backends.js'
import {draws} from '../../support/draw.js'
import {keepsTensors} from '../../support/tensors.js'

type Sides = readonly [number, number]

/** Window, strides and channels; how far above the norm on an image without edges the bound may be. */
const cases: Record<string, [window: Sides, strides: Sides, channels: Sides, slack: number]> = {
  'one pixel': [[1, 1], [1, 1], [4, 6], 1.03],
  'three by three': [[3, 3], [1, 1], [3, 5], 1.07],
  'fewer channels out than in': [[3, 3], [1, 1], [5, 2], 1.07],
  'a stride': [[3, 3], [2, 2], [3, 4], 1.07],
  'a stride longer than the window': [[1, 2], [2, 3], [3, 4], 1.05],
  'strides that differ': [[4, 3], [3, 1], [2, 4], 1.07],
  'a row': [[1, 7], [1, 1], [2, 3], 1.05],
}

for (const backend of backends) {
  const test = suite(`symbolNormBound on ${backend}`)
  test.before(() => useBackend(backend))

  for (const [name, [window, strides, channels, slack]] of Object.entries(cases)) {
    test(`${name}: at least the norm at every frequency, and not far above`, async () => {
      const random = draws(name)
      const geometry = geometryOf(window, strides, channels)
      const kernel = random.normals(window[0] * window[1] * channels[0] * channels[1])
      const bound = (await keepsTensors(() => symbolNormBound(kernel, geometry, 2 ** -24)))!
      let largest = 0
      for (let k = 0; k < 400; k++) {
        const at = [random.between(0, 2 * Math.PI), random.between(0, 2 * Math.PI)] as const
        largest = Math.max(largest, normAt(kernel, geometry, at))
      }
      assert.ok(bound >= largest, `${bound} below ${largest}`)
      // 400 frequencies miss the largest by a few percent.
      assert.ok(bound <= largest * slack * 1.04, `${bound} far above ${largest}`)
    })
  }

  test('a norm that is largest between the frequencies that are looked at', async () => {
    // 1 + e^(i (t - s)) is 2 at s alone.
    const shift = Math.PI / 8
    const geometry = geometryOf([1, 2], [1, 1], [2, 2])
    const [c, s] = [Math.cos(shift), Math.sin(shift)]
    const kernel = Float64Array.of(1, 0, 0, 1, c, s, -s, c)
    const bound = (await symbolNormBound(kernel, geometry, 2 ** -24))!
    assert.ok(bound >= 2 && bound < 2.05, `${bound}`)
  })

  test('zeros, and numbers whose squares leave float32', async () => {
    const geometry = geometryOf([3, 3], [1, 1], [2, 2])
    assert.is(await symbolNormBound(new Float64Array(36), geometry, 2 ** -24), 0)
    const kernel = draws('size').normals(36)
    const [one, small, large] = await Promise.all(
      [1, 1e-25, 1e25].map((size) =>
        symbolNormBound(
          kernel.map((w) => w * size),
          geometry,
          2 ** -24,
        ),
      ),
    )
    assert.ok(Math.abs(small! / 1e-25 / one! - 1) < 1e-5, `${small}`)
    assert.ok(Math.abs(large! / 1e25 / one! - 1) < 1e-5, `${large}`)
  })

  test('many channels would take too long', async () => {
    const geometry = geometryOf([3, 3], [1, 1], [512, 512])
    const kernel = new Float64Array(9 * 512 * 512)
    assert.is(await symbolNormBound(kernel, geometry, 2 ** -24), undefined)
  })

  test.run()
}

function geometryOf(window: Sides, strides: Sides, channels: Sides): ConvGeometry {
  return {
    height: axisGeometry(20, window[0], strides[0], 'valid'),
    width: axisGeometry(20, window[1], strides[1], 'valid'),
    inputChannels: channels[0],
    outputChannels: channels[1],
    taps: window[0] * window[1],
  }
}

/** The norm of an infinite convolution on waves: inputs e^(i at . u) at the places u of each phase apart. */
function normAt(kernel: Float64Array, geometry: ConvGeometry, at: Sides): number {
  const {height, width, inputChannels, outputChannels} = geometry
  const phases = height.stride * width.stride
  const columns = phases * inputChannels
  const [re, im] = [Matrix.zeros(outputChannels, columns), Matrix.zeros(outputChannels, columns)]
  for (let i = 0; i < height.window; i++) {
    for (let j = 0; j < width.window; j++) {
      const angle = at[0] * Math.floor(i / height.stride) + at[1] * Math.floor(j / width.stride)
      const phase = (i % height.stride) * width.stride + (j % width.stride)
      for (let a = 0; a < inputChannels; a++) {
        for (let b = 0; b < outputChannels; b++) {
          const w = kernel[((i * width.window + j) * inputChannels + a) * outputChannels + b]!
          const column = phase * inputChannels + a
          re.set(b, column, re.get(b, column) + w * Math.cos(angle))
          im.set(b, column, im.get(b, column) + w * Math.sin(angle))
        }
      }
    }
  }
  // The Gram matrix of [[re, -im], [im, re]] has each eigenvalue twice.
  const both = Matrix.zeros(2 * outputChannels, 2 * columns)
  both.setSubMatrix(re, 0, 0).setSubMatrix(re, outputChannels, columns)
  both.setSubMatrix(im, outputChannels, 0).setSubMatrix(Matrix.mul(im, -1), 0, columns)
  const gram = both.mmul(both.transpose())
  const values = new EigenvalueDecomposition(gram, {assumeSymmetric: true}).realEigenvalues
  return Math.sqrt(Math.max(...values))
}
