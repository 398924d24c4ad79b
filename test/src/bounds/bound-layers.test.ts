import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {boundLayers} from '../../../src/bounds/bound-layers.js'
import {preactivationBounds, readNetwork, sphereBound} from '../../../src/index.js'
import {methods} from '../../../src/options.js'
import {readPoints} from '../../../src/points.js'
import {withSession} from '../../../src/session.js'
import {backends, useBackend} from '../../support/backends.js'
import {draws} from '../../support/draw.js'
import {mlpModel, randomMlp} from '../../support/mlp.js'
import {randomPoints} from '../../support/samples.js'

/** One unit a layer. The first two are off, so that the later ones stand still whatever the weights. */
function huge(): tf.LayersModel {
  const {constant} = tf.initializers
  const unit = (weight: number, bias: number, options = {}) =>
    tf.layers.dense({
      units: 1,
      activation: 'relu',
      kernelInitializer: constant({value: weight}),
      biasInitializer: constant({value: bias}),
      ...options,
    })
  const first = unit(1e25, -1e25, {inputShape: [1]})
  return tf.sequential({layers: [first, unit(1e25, -1), unit(1, -1), unit(1, -1)]})
}

for (const backend of backends) {
  const test = suite(`bounds of layers on ${backend}`)
  test.before(() => useBackend(backend))

  for (const method of methods) {
    test(`${method}: where a reach leaves float32, bounds stay numbers that hold`, async () => {
      const model = huge()
      const center = tf.tensor2d([[-1]])
      const network = readNetwork(model)
      const {lower, upper} = await preactivationBounds(network, center, 0.01, {method})
      const values = [-2e25, -1, -1, -1]
      values.forEach((value, layer) => {
        const bounds = `layer ${layer}: [${lower[layer]}, ${upper[layer]}]`
        assert.ok(lower[layer]![0]! <= value && value <= upper[layer]![0]!, bounds)
      })
      const {unstable} = await sphereBound(network, center, 0.01, {method})
      // What may be above 0 is not decided.
      upper.forEach((own, layer) => {
        assert.is(unstable[layer]![0], own[0]! > 0 ? 1 : 0, `layer ${layer}`)
      })
      tf.dispose(center)
      model.dispose()
    })
  }

  test('of units that stay open, the last layer bounds the side of the kink alone', async () => {
    const model = mlpModel(randomMlp(draws('last'), [12, 16, 16, 16]))
    const network = readNetwork(model)
    const points = await readPoints('points', randomPoints(draws('last'), 9, 12), [12])
    await withSession(network, points, 2 ** 26, ({tools, eachChunk}) =>
      eachChunk('all', async (forward) => {
        const radius = new Float64Array(9).fill(0.3)
        const bound = (every: boolean) =>
          boundLayers(tools, forward, radius, 'combined', undefined, every)
        const [found, all] = [(await bound(false)).bare, (await bound(true)).reported]
        // How many sides of open units are as every row bounds them, and how many are wider.
        const sides = forward.kinks.map((kinks, layer) => {
          const {center, rounding} = kinks
          const [own, every] = [found[layer]!, all[layer]!]
          const counts = {facing: [0, 0], other: [0, 0]}
          center.forEach((_, at) => {
            const room = rounding[at]!
            const open = kinks.openSides(at, own.below[at]! + room, own.above[at]! + room)
            if (open === 0) return
            for (const side of ['below', 'above'] as const) {
              const faces = (open === 1) === (side === 'below')
              const wider = own[side][at]! + room > every[side][at]! * 1.00001
              counts[faces ? 'facing' : 'other'][Number(wider)]!++
            }
          })
          return counts
        })
        for (const {facing, other} of sides) {
          assert.ok(facing[0]! > 10, `${facing} sides, ${other} other ones`)
          assert.is(facing[1], 0)
        }
        assert.equal(
          sides.map(({other}) => other[1]! > 0),
          [false, false, true],
        )
      }),
    )
    model.dispose()
  })

  test.run()
}
