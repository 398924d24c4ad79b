import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import {type AxisGeometry, eachTap} from '../../../src/affine/conv-geometry.js'
import {patchAdjoint} from '../../../src/affine/patch-adjoint.js'
import {backends, useBackend} from '../../support/backends.js'
import {draws} from '../../support/draw.js'
import {near} from '../../support/near.js'

/** A patch of so many outputs: what their windows read, `cut` of it outside of the image on either side. */
function patch(output: number, window: number, stride: number, cut: number): AxisGeometry {
  return {input: (output - 1) * stride + window - 2 * cut, output, window, stride, before: cut}
}

/** Patches that are small, that are written out, and that are too large for it. */
const cases = {
  'a few outputs': {axis: patch(2, 3, 1, 0), channels: [2, 3]},
  'one channel': {axis: patch(12, 5, 1, 0), channels: [1, 8]},
  'one channel, a larger patch': {axis: patch(20, 5, 1, 1), channels: [1, 4]},
  'strides of 2': {axis: patch(8, 3, 2, 1), channels: [3, 8]},
  'strides of 2, a larger patch': {axis: patch(14, 3, 2, 0), channels: [3, 8]},
  'many channels': {axis: patch(6, 3, 1, 1), channels: [32, 8]},
} as const

for (const backend of backends) {
  const test = suite(`adjoint between patches on ${backend}`)
  test.before(() => useBackend(backend))

  for (const [name, {axis, channels}] of Object.entries(cases)) {
    test(`${name}: as summed tap by tap`, async () => {
      const random = draws(name)
      const [inputChannels, outputChannels] = channels
      const taps = axis.window ** 2
      const geometry = {height: axis, width: axis, inputChannels, outputChannels, taps}
      const kernel = random.normals(taps * inputChannels * outputChannels)
      const [inputs, outputs] = [axis.input ** 2 * inputChannels, axis.output ** 2 * outputChannels]
      const rows = Array.from({length: 3}, () => Array.from(random.normals(outputs), Math.fround))
      const wanted = rows.flatMap((row) => {
        const found = new Float64Array(inputs)
        for (const [unit, entry] of row.entries()) {
          eachTap(geometry, unit, (input, at) => {
            for (let i = 0; i < inputChannels; i++) {
              found[input + i]! += entry * kernel[at + i * outputChannels]!
            }
          })
        }
        return [...found]
      })
      const kept: tf.Tensor[] = []
      const adjoint = patchAdjoint(kernel, geometry, (tensor) => {
        kept.push(tf.keep(tensor))
        return tensor
      })
      const uploaded = tf.tensor2d(rows)
      // twice: it is made once
      for (let time = 0; time < 2; time++) {
        const found = adjoint(axis, axis, uploaded)
        near(await found.data(), wanted, {relative: 1e-5, scale: 10, label: name})
        found.dispose()
      }
      tf.dispose([uploaded, ...kept])
    })
  }
  test.run()
}
