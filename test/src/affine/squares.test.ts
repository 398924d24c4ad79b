import {type Tensor, tensor2d} from '@tensorflow/tfjs'
import {suite} from 'uvu'
import type {AffineWeights} from '../../../src/affine/affine-map.js'
import {convWeights} from '../../../src/affine/conv2d.js'
import {denseWeights} from '../../../src/affine/dense.js'
import {backends, useBackend} from '../../support/backends.js'
import {draws} from '../../support/draw.js'
import {near} from '../../support/near.js'

/** Of outputs, from large to ones whose squares leave float32 next to the others' and by themselves. */
const sizes = [1, 1e-8, 1e-24, 1e-30]

/** Of each row's first entry. */
const loud = 1e20

/** Three inputs, or pixels of three channels under a kernel of one place: rows are the same. */
const inputs = 3

const cases = {
  dense: (kernel: Float64Array) => denseWeights(kernel, new Float64Array(sizes.length), inputs),
  convolution: (kernel: Float64Array) =>
    convWeights(kernel, new Float64Array(sizes.length), {
      inputShape: [1, 1, inputs],
      kernelShape: [1, 1, inputs, sizes.length],
      strides: [1, 1],
      dilation: [1, 1],
      padding: 'valid',
    }),
} satisfies Record<string, (kernel: Float64Array) => AffineWeights>

for (const backend of backends) {
  const test = suite(`squares of weights on ${backend}`)
  test.before(() => useBackend(backend))

  for (const [name, weightsOf] of Object.entries(cases)) {
    for (const loudest of [1, loud]) {
      test(`${name}: lengths of rows of any size, their first entries times ${loudest}`, async () => {
        const random = draws(`squares ${name}`)
        const kernel = Float64Array.from({length: inputs * sizes.length}, (_, at) => {
          const first = at < sizes.length ? loudest : 1
          return random.normal() * sizes[at % sizes.length]! * first
        })
        // The second row of weights leaves the loudest entry out.
        const weights = [
          [1, 1, 1],
          [0, 0.25, 1],
        ]
        const kept: Tensor[] = []
        const map = weightsOf(kernel).build((tensor) => {
          kept.push(tensor)
          return tensor
        })
        const by = tensor2d(weights)
        const plain = map.weightedRowNorms([by])[0]!
        const ball = map.ball([undefined], true, 1e-7)
        const normalised = ball.rowNorms([by])[0]!
        const [found, shares] = [await plain.data(), await normalised.data()]
        weights.forEach((row, point) => {
          sizes.forEach((_, unit) => {
            const length = (of: readonly number[]) =>
              Math.hypot(...of.map((w, i) => Math.sqrt(w) * kernel[i * sizes.length + unit]!))
            const [own, whole] = [length(row), length([1, 1, 1])]
            const at = point * sizes.length + unit
            const label = `point ${point}, unit ${unit}`
            if (own > 1e-11 * whole) {
              near([found[at]!], [own], {relative: 1e-5, scale: 0, label})
              near([shares[at]!], [own / whole], {relative: 1e-5, scale: 0, label})
            } else if (!(found[at]! >= own && found[at]! <= 1e-11 * whole)) {
              throw new Error(`${label}: ${found[at]} is no bound near ${own}`)
            }
          })
        })
        for (const tensor of [by, plain, normalised, ...kept]) tensor.dispose()
      })
    }
  }

  test.run()
}
