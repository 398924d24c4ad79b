import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {
  distanceToBoundary,
  type Method,
  measureNetwork,
  readNetwork,
  sphereBound,
} from '../../../src/index.js'
import {backends, useBackend} from '../../support/backends.js'
import {draws} from '../../support/draw.js'
import {near} from '../../support/near.js'

// A small difference of large numbers that kinks have passed on is as rounded as they are.

const {layers} = tf
const methods: readonly Method[] = ['spectral', 'interval', 'crown', 'combined']

/** What comes between a kink of 4 units and a pool, and how many numbers that leaves. */
const between: Record<string, [more: () => tf.layers.Layer[], numbers: number]> = {
  'a pool': [() => [], 4],
  'a normalisation, a pool': [() => [layers.batchNormalization()], 4],
  'zeros around, a pool': [
    () => [
      layers.reshape({targetShape: [4, 1, 1]}),
      layers.zeroPadding2d({
        padding: [
          [0, 2],
          [0, 0],
        ],
      }),
    ],
    6,
  ],
}

for (const backend of backends) {
  const test = suite(`rounding past kinks on ${backend}`)
  test.before(() => useBackend(backend))

  for (const [name, [more, numbers]] of Object.entries(between)) {
    for (const asImage of [false, true]) {
      for (const large of [255, 2550, 9000]) {
        const kind = asImage ? 'a convolution' : 'a dense layer'
        test(`${kind} of size ${large}, relu, ${name}: the nearest boundary is found`, async () => {
          const ulp = 2 ** (Math.floor(Math.log2(large)) - 23)
          // Of (x, y), x large: x, x + y, y less 3/4 of a gap, and 1. A pool's first two differ by less
          // than they are rounded by.
          const gap = Math.fround(0.4 * ulp)
          const weights = [
            [1, 1, 0, 0],
            [0, 1, 1, 0],
          ]
          const bias = tf.tensor1d([0, 0, -0.75 * gap, 1])
          const first = asImage
            ? layers.conv2d({
                ...{filters: 4, kernelSize: 1, activation: 'relu', inputShape: [1, 1, 2]},
                weights: [tf.tensor4d([[weights]]), bias],
              })
            : layers.dense({
                ...{units: 4, activation: 'relu', inputShape: [2]},
                weights: [tf.tensor2d(weights), bias],
              })
          const model = tf.sequential({
            layers: [
              first,
              ...more(),
              layers.reshape({targetShape: [numbers, 1]}),
              layers.maxPooling1d({poolSize: 2, strides: 2}),
              layers.flatten(),
              layers.dense({units: 1}),
            ],
          })
          const network = readNetwork(model)
          const point = [large, gap]
          const center = asImage ? [[[point]]] : [point]
          const {distance, layer, unit} = await distanceToBoundary(network, center)
          near([distance[0]!], [0.25 * gap], {relative: 1e-4, scale: 0.25 * gap})
          assert.equal([layer[0], unit[0]], [0, 2])
          for (const method of methods) {
            // Within 1.5 gaps lie the boundary of unit 2 and, at a gap, the tie of the pool.
            const bound = await sphereBound(network, center, 1.5 * gap, {method})
            assert.ok(bound.log2Regions[0]! >= Math.log2(3), `${method}: ${bound.log2Regions[0]}`)
          }
          model.dispose()
        })
      }
    }
  }

  for (const activation of ['relu', 'hardSigmoid', 'tanh-like clip'] as const) {
    test(`${activation}, a pool: one region is said of no ball that reaches a boundary`, async () => {
      const random = draws(activation)
      const kink =
        activation === 'tanh-like clip'
          ? layers.reLU({maxValue: 0.1})
          : layers.activation({activation})
      const kernel = random.normals(72).map((v) => (v * Math.SQRT2) / 60)
      const model = tf.sequential({
        layers: [
          layers.conv2d({
            ...{filters: 8, kernelSize: 3, padding: 'same', inputShape: [8, 8, 1]},
            weights: [tf.tensor4d(Float32Array.from(kernel), [3, 3, 1, 8]), tf.zeros([8])],
          }),
          kink,
          layers.maxPooling2d({poolSize: 2}),
          layers.flatten(),
          layers.dense({units: 1}),
        ],
      })
      const network = readNetwork(model)
      const count = 100
      const points = tf.tensor4d(
        Float32Array.from({length: count * 64}, () => random.between(0, 1)),
        [count, 8, 8, 1],
      )
      const {distance} = await distanceToBoundary(network, points)
      const radii = [1.0001, 1.01].map((factor) => ({
        rule: `${factor}`,
        radius: distance.map((d) => factor * d),
      }))
      const {bounds} = await measureNetwork(network, points, {methods, radii})
      assert.is(bounds.length, 8)
      for (const {method, rule, log2Regions} of bounds) {
        const one = log2Regions.filter((bits) => bits === 0).length
        assert.is(one, 0, `${method}, ${rule} times the distance: ${one} balls of one region`)
      }
      points.dispose()
      model.dispose()
    })
  }

  test.run()
}
