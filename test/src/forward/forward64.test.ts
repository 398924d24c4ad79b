import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {runForward} from '../../../src/forward/forward.js'
import {forward64} from '../../../src/forward/forward64.js'
import {float32Roundoff} from '../../../src/forward/rounding.js'
import {readPoints} from '../../../src/points.js'
import {readNetwork} from '../../../src/read-network.js'
import {backends, useBackend} from '../../support/backends.js'
import {draws} from '../../support/draw.js'
import {zoo} from '../../support/layer-zoo.js'
import {withProgram} from '../../support/run-forward.js'
import {run64} from '../../support/run64.js'

for (const backend of backends) {
  const test = suite(`forward64 on ${backend}`)
  test.before(() => useBackend(backend))
  const native = backend.startsWith('tfjs-node')
  let compared = 0

  for (const specimen of zoo) {
    test(specimen.name, async () => {
      const model = specimen.build(3)
      const network = readNetwork(model)
      const size = specimen.inputShape.reduce((a, b) => a * b, 1)
      const random = draws(`forward64/${specimen.name}`)
      const centers = Array.from({length: 3}, () =>
        Array.from({length: size}, () => random.between(-1.5, 1.5)),
      )
      const points = await readPoints('points', centers, network.inputShape)
      await withProgram(model, async (program) => {
        const found = forward64(program, points)
        if (!native) assert.is(found, undefined)
        if (!found) return
        compared++
        const {kinks} = await runForward(program, points, float32Roundoff, 2 ** 24)
        for (let point = 0; point < 3; point++) {
          const x = Float64Array.from(points.values.subarray(point * size, (point + 1) * size))
          const values = run64(program, x)
          program.kinks.forEach(({input, layer}) => {
            const numbers = values[input]!
            numbers.forEach((exact, i) => {
              const at = point * numbers.length + i
              const error = Math.abs(found.numbers[layer]![at]! - exact)
              assert.ok(error <= 1e-12 * (1 + Math.abs(exact)), `layer ${layer}, ${i}: ${error}`)
              // The room for rounding covers what float32 leaves of it, and is not much more.
              const room = found.rounding[layer]![at]!
              const isMade = program.instructions[input - 1]?.kind === 'affine'
              if (isMade)
                assert.ok(Math.abs(Math.fround(exact) - exact) <= room, `layer ${layer}, ${i}`)
              else assert.is(room, 0)
              assert.ok(room <= 1e-11 + 2.1 * float32Roundoff * Math.abs(exact))
            })
            if (kinks[layer]!.plain) {
              assert.is(
                kinks[layer]!.center[point * numbers.length],
                Math.fround(found.numbers[layer]![point * numbers.length]!),
              )
            }
          })
        }
      })
    })
  }

  test('what is cut off at a number of float32, and copied, is not off', async () => {
    const dense = tf.layers.dense({units: 4, inputShape: [2]})
    const model = tf.sequential({
      layers: [
        dense,
        tf.layers.reLU({maxValue: 0.5}),
        tf.layers.reshape({targetShape: [4, 1]}),
        tf.layers.maxPooling1d({poolSize: 2, strides: 2}),
      ],
    })
    // Two units far above, one below 0, and one between.
    dense.setWeights([
      tf.tensor2d([
        [1.1, 0.7, 0.3, 0.4],
        [0.2, 0.5, -1, 0.3],
      ]),
      tf.tensor1d([3, 3, -6, 0]),
    ])
    const network = readNetwork(model)
    const points = await readPoints('points', [[0.5, 0.3]], network.inputShape)
    await withProgram(model, async (program) => {
      const found = forward64(program, points)
      if (!found) return
      const [, pooled] = found.rounding
      const between = found.numbers[1]!.findIndex((value) => value > 0 && value < 0.5)
      pooled!.forEach((room, at) => {
        assert.is(room > 0, at === between, `number ${at}: ${room}`)
      })
    })
  })

  if (native) test('was compared on most layers', () => assert.ok(compared >= 15, `${compared}`))
  test.run()
}
