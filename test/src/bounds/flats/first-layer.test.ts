import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {firstLayerGram} from '../../../../src/bounds/flats/first-layer.js'
import {type MeasureRequest, measureNetwork, readNetwork} from '../../../../src/index.js'
import {backends, useBackend} from '../../../support/backends.js'
import {draws} from '../../../support/draw.js'
import {near} from '../../../support/near.js'
import {withProgram} from '../../../support/run-forward.js'
import {keepsTensors} from '../../../support/tensors.js'

const {layers} = tf
const conv = (filters: number, options = {}) =>
  layers.conv2d({filters, kernelSize: 3, activation: 'relu', padding: 'same', ...options})

for (const backend of backends) {
  const test = suite(`the first layer's rows on ${backend}`)
  test.before(() => useBackend(backend))

  // The first has windows, the second too large ones for the image, the third none.
  for (const [name, first] of Object.entries({
    'windows, more units than products of whole rows are made for': conv(8, {
      inputShape: [24, 23, 1],
      strides: 2,
    }),
    'large windows': conv(2, {inputShape: [5, 4, 2]}),
    'no windows': layers.dense({units: 9, inputShape: [7], activation: 'relu'}),
  })) {
    test(`${name}: all products with each other`, async () => {
      const model = tf.sequential({layers: [first]})
      await keepsTensors(() =>
        withProgram(model, async (program) => {
          const found = (await firstLayerGram(program))!
          const {units} = program.kinks[0]!
          const maker = program.instructions[0]!
          assert.is(found.units, units)
          assert.ok(maker.kind === 'affine')
          const all = Int32Array.from({length: units}, (_, unit) => unit)
          const [rows] = maker.map.rows(all)
          const values = await rows!.data()
          const size = rows!.shape[1]!
          rows!.dispose()
          const expected = new Float64Array(units * units)
          for (let i = 0; i < units; i++) {
            for (let j = 0; j < units; j++) {
              let sum = 0
              for (let k = 0; k < size; k++) sum += values[i * size + k]! * values[j * size + k]!
              expected[i * units + j] = sum * found.scale ** 2
            }
          }
          const scale = expected.reduce((most, value) => Math.max(most, value), 0)
          near(found.values, expected, {relative: 1e-5, scale, label: name})
          const isFar = (at: number) =>
            Math.abs(Math.floor(at / units) - (at % units)) >= found.reach
          assert.ok(expected.every((value, at) => value === 0 || !isFar(at)))
          if (name.startsWith('windows')) assert.ok(found.reach < units / 2)
        }),
      )
      model.dispose()
    })
  }

  test('more units than products are made for are counted by what balls say of them', async () => {
    const random = draws('many open')
    const model = tf.sequential({layers: [conv(1, {inputShape: [54, 54, 1], strides: 3})]})
    const points = tf.tensor(Float32Array.from(random.normals(2 * 54 * 54)), [2, 54, 54, 1])
    const {bounds} = await measureNetwork(readNetwork(model), points, {
      methods: ['spectral'],
      countings: ['product', 'flats'],
      radii: [{rule: '2', radius: Float64Array.of(2, 2.5)}],
    })
    const [product, flats] = bounds
    product!.log2Regions.forEach((bits, p) => {
      assert.ok(product!.unstable[0]![p]! > 256)
      assert.ok(flats!.log2Regions[p]! < bits - 1, `${flats!.log2Regions[p]} of ${bits}`)
    })
    tf.dispose(points)
    model.dispose()
  })

  test('what one method found serves the next, and changes no number', async () => {
    const random = draws('first layer')
    const model = tf.sequential({
      layers: [
        conv(4, {inputShape: [8, 8, 1], activation: 'linear'}),
        // Units with two kinks: which of them are open depends on the radius.
        layers.reLU({maxValue: 1}),
        layers.flatten(),
        layers.dense({units: 6, activation: 'relu'}),
      ],
    })
    const points = tf.tensor(Float32Array.from(random.normals(3 * 64)), [3, 8, 8, 1])
    // Balls that are nearly as large as others have the same units open.
    const radii = [0.05, 0.0495, 0.099, 0.1, 0.4].map((r) => {
      return {rule: `${r}`, radius: Float64Array.of(r, 1.5 * r, 0.4)}
    })
    const methods = ['spectral', 'interval', 'combined'] as const
    const measured = async (request: MeasureRequest) => {
      const {bounds} = await measureNetwork(readNetwork(model), points, request)
      return bounds.map(({log2Regions}) => [...log2Regions])
    }
    const together = await measured({radii, methods})
    assert.ok(together.flat().some((bits) => bits > 5))
    const byMethod = []
    for (const method of methods) byMethod.push(...(await measured({radii, methods: [method]})))
    assert.equal(together, byMethod)
    for (const [k, own] of radii.entries()) {
      const [alone] = await measured({radii: [own], methods: ['spectral']})
      // The larger balls of the same call may have helped, and nothing else.
      together[k]!.forEach((bits, p) => {
        assert.ok(bits <= alone![p]!, `${own.rule}, point ${p}: ${bits} above ${alone![p]}`)
      })
    }
    tf.dispose(points)
    model.dispose()
  })

  test.run()
}
