import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import type {AffineMap} from '../../../src/affine/affine-map.js'
import {type ConvOptions, convWeights} from '../../../src/affine/conv2d.js'
import {withMap} from '../../support/affine-cases.js'
import {useBackend} from '../../support/backends.js'
import {draws} from '../../support/draw.js'

const test = suite('norm of a convolution')
test.before(() => useBackend('cpu'))

const one: readonly [number, number] = [1, 1]

/** Too large to be written out as matrices: their norm is bounded by the kernel's. */
const cases: Record<string, ConvOptions> = {
  same: convolution([3, 3, 4, 5], {padding: 'same'}),
  valid: convolution([3, 3, 4, 5], {padding: 'valid'}),
  'one pixel': convolution([1, 1, 4, 5], {}),
  'one channel out': convolution([3, 3, 4, 1], {inputShape: [18, 18, 4]}),
  'many channels out': convolution([2, 2, 2, 20], {inputShape: [12, 12, 2]}),
  'strides of 2': convolution([3, 3, 8, 8], {strides: [2, 2], inputShape: [12, 12, 8]}),
  'dilation of 2': convolution([3, 3, 4, 4], {dilation: [2, 2]}),
  'a row': convolution([1, 7, 4, 4], {inputShape: [1, 90, 4]}),
}

for (const [name, options] of Object.entries(cases)) {
  test(`${name}: at least what the largest stretch is, and not far above`, async () => {
    const random = draws(`convolution ${name}`)
    const [height, width, inputs, outputs] = options.kernelShape
    const kernel = random.normals(height * width * inputs * outputs)
    const weights = convWeights(kernel, new Float64Array(outputs), options)
    await withMap(weights, async (map) => {
      const size = Math.min(map.inputSizes[0]!, map.outputSize)
      assert.ok(size > 256, `${size} numbers`)
      const norms = await map.ball([undefined], false, 2 ** -24).norms()
      const stretch = await largestStretch(map)
      assert.ok(norms[0]! >= stretch, `${norms[0]} below ${stretch}`)
      // Edges leave out a part of what the kernel does where there are none.
      assert.ok(norms[0]! <= 1.15 * stretch, `${norms[0]} far above ${stretch}`)
    })
  })
}

test('normalised: each channel of norm 1, the scale handed on', async () => {
  const random = draws('normalised convolution')
  const options = cases.same!
  const kernel = random.normals(9 * 4 * 5)
  const weights = convWeights(kernel, new Float64Array(5), options)
  await withMap(weights, async (map) => {
    const inputScale = Float64Array.from({length: map.inputSizes[0]!}, (_, i) => 1 + (i % 4))
    const ball = await map.ball([inputScale], true, 2 ** -24)
    const lengths = new Float64Array(5)
    kernel.forEach((w, at) => {
      lengths[at % 5]! += (w * (1 + (Math.floor(at / 5) % 4))) ** 2
    })
    ball.outputScale!.forEach((scale, unit) => {
      const expected = Math.sqrt(lengths[unit % 5]!)
      assert.ok(Math.abs(scale - expected) < 1e-9 * expected, `unit ${unit}: ${scale}`)
    })
    const scaled = convWeights(
      kernel.map((w, at) => (w * (1 + (Math.floor(at / 5) % 4))) / Math.sqrt(lengths[at % 5]!)),
      new Float64Array(5),
      options,
    )
    await withMap(scaled, async (own) => {
      const stretch = await largestStretch(own)
      const [norm] = (await ball.norms()) as [number]
      assert.ok(norm >= stretch, `${norm} below ${stretch}`)
    })
  })
})

function convolution(
  kernelShape: ConvOptions['kernelShape'],
  options: Partial<ConvOptions>,
): ConvOptions {
  const channels = kernelShape[2]
  return {
    inputShape: [12, 12, channels],
    kernelShape,
    strides: one,
    dilation: one,
    padding: 'same',
    ...options,
  }
}

/** The largest singular value from below, by power iteration with the map itself and its adjoint. */
async function largestStretch(map: AffineMap): Promise<number> {
  const size = map.inputSizes[0]!
  let x = tf.tidy(() => tf.randomNormal([1, size], 0, 1, 'float32', 1)) as tf.Tensor2D
  let stretch = 0
  for (let step = 0; step < 40; step++) {
    const next = tf.tidy(() => {
      const y = map.linear([x.div(x.norm())])
      return [map.adjoint(y)[0]!, y.norm() as tf.Scalar] as const
    })
    stretch = (await next[1].data())[0]!
    tf.dispose([x, next[1]])
    x = next[0]
  }
  x.dispose()
  return stretch
}

test.run()
