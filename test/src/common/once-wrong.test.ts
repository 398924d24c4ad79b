import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {
  distanceToBoundary,
  measureNetwork,
  preactivationBounds,
  readNetwork,
  sphereBound,
} from '../../../src/index.js'
import {useBackend} from '../../support/backends.js'
import {draws} from '../../support/draw.js'
import {mlp64, mlpModel, randomMlp} from '../../support/mlp.js'
import {near} from '../../support/near.js'
import {differentiate, evaluate, formsOf} from '../../support/network64.js'
import {rejects} from '../../support/rejects.js'
import {randomPoints, searchBall} from '../../support/samples.js'

const test = suite('what was once wrong')
const {layers} = tf
test.before(() => useBackend('cpu'))

test('combined is sound behind a max pool whose windows reach over the edge', async () => {
  const kernel = Float32Array.from({length: 9}, (_, i) => (i === 0 ? 1 : 0))
  const model = tf.sequential({
    layers: [
      layers.conv2d({
        filters: 1,
        kernelSize: 1,
        inputShape: [3, 3, 1],
        weights: [tf.tensor4d([100], [1, 1, 1, 1]), tf.tensor1d([0])],
      }),
      layers.maxPooling2d({poolSize: 3, strides: 1, padding: 'same'}),
      layers.flatten(),
      layers.dense({
        units: 1,
        activation: 'relu',
        weights: [tf.tensor2d(kernel, [9, 1]), tf.tensor1d([-120])],
      }),
    ],
  })
  const center = [[1, 0, 0, 0, 0, 0, 0, 0, 0]]
  // At [1.4, 0, ...] the unit is at 140 - 120 = 20.
  const {upper} = await preactivationBounds(readNetwork(model), center, 0.5)
  assert.ok(upper[1]![0]! >= 20, `upper ${upper[1]![0]}`)
  const {unstable} = await sphereBound(readNetwork(model), center, 0.5)
  assert.is(unstable[1]![0], 1)
})

test('combined is sound behind a Maximum of differently scaled inputs', async () => {
  const input = tf.input({shape: [2]})
  const one = (kernel: number[][], bias: number, more = {}) =>
    layers.dense({units: 1, weights: [tf.tensor2d(kernel), tf.tensor1d([bias])], ...more})
  const both = [one([[1], [0]], 0).apply(input), one([[0], [100]], 0).apply(input)]
  const largest = layers.maximum().apply(both as tf.SymbolicTensor[]) as tf.SymbolicTensor
  const output = one([[1]], -50, {activation: 'relu'}).apply(largest) as tf.SymbolicTensor
  const network = readNetwork(tf.model({inputs: input, outputs: output}))
  // At [0, 0.9] the unit is at 90 - 50 = 40.
  const {unstable} = await sphereBound(network, [[0, 0]], 1)
  assert.is(unstable[1]![0], 1)
})

test('a kink on the input, or on another kink, has room for rounding', async () => {
  const model = tf.sequential({layers: [layers.reLU({inputShape: [1]}), layers.dense({units: 1})]})
  const x = Math.fround(0.7)
  // float32 keeps 0.7 as 0.69999998807, so that the ball of radius 0.7 reaches below 0.
  const {distance} = await distanceToBoundary(readNetwork(model), [[x]])
  assert.ok(distance[0]! < 0.7)
  const {log2Regions} = await sphereBound(readNetwork(model), [[x]], 0.7, {method: 'interval'})
  assert.is(log2Regions[0], 1)
})

for (const method of ['interval', 'crown', 'combined'] as const) {
  test(`${method} on large balls: nothing sampled leaves the bounds`, async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const random = draws(seed)
      const mlp = randomMlp(random, [3, 6, 6, 6, 6])
      const [center] = randomPoints(random, 1, 3)
      const {lower, upper} = await preactivationBounds(readNetwork(mlpModel(mlp)), [center!], 50, {
        method,
      })
      for (const x of searchBall(random, mlp64(mlp), center!, 50, 60)) {
        evaluate(mlp64(mlp), x).layers.forEach(({read}, l) => {
          read.forEach(([z], unit) => {
            const [low, high] = [lower[l]![unit]!, upper[l]![unit]!]
            assert.ok(
              z! >= low && z! <= high,
              `seed ${seed}, layer ${l}: ${z} not in [${low}, ${high}]`,
            )
          })
        })
      }
    }
  })
}

test('interval does not fall as the radius grows where bounds touch a kink exactly', async () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = draws(seed)
    const mlp = randomMlp(random, [2, 4, 6])
    const bare = {...mlp, layers: mlp.layers.map((l) => ({...l, bias: l.bias.map(() => 0)}))}
    const [center] = randomPoints(random, 1, 2)
    const {bounds} = await measureNetwork(readNetwork(mlpModel(bare)), [center!], {
      methods: ['interval'],
      radii: [0.1, 0.3, 1, 3, 10].map((r) => ({rule: `${r}`, radius: Float64Array.of(r)})),
    })
    bounds.slice(1).forEach((bound, k) => {
      const [less, more] = [bounds[k]!.log2Regions[0]!, bound.log2Regions[0]!]
      assert.ok(
        more >= less - 1e-9,
        `seed ${seed}: ${less} at ${bounds[k]!.rule}, ${more} at ${bound.rule}`,
      )
    })
  }
})

for (const [name, scales] of [
  ['1e-25', [1e-25, 1, 1]],
  ['1e-22 in the second layer', [1, 1e-22, 1]],
  ['1e20', [1e20, 1, 1]],
  ['1e20 in the second layer', [1, 1e20, 1]],
] as [string, number[]][]) {
  test(`weights of size ${name}: the right distance, or an error`, async () => {
    const random = draws(name)
    const mlp = randomMlp(random, [6, 8, 8, 8])
    let product = 1
    const own = {
      ...mlp,
      layers: mlp.layers.map(({kernel, bias}, l) => {
        product *= scales[l]!
        const factor = product
        return {
          kernel: kernel.map((row) => row.map((w) => Math.fround(w * scales[l]!))),
          bias: bias.map((b) => Math.fround(b * factor)),
        }
      }),
    }
    const points = randomPoints(random, 10, 6)
    const {distance} = await distanceToBoundary(readNetwork(mlpModel(own)), points)
    const exact = points.map((x) =>
      formsOf(differentiate(mlp64(own), x).layers).reduce((least, {row: [z, ...gradient]}) => {
        const length = Math.hypot(...gradient)
        return length > 0 ? Math.min(least, Math.abs(z!) / length) : least
      }, Infinity),
    )
    near(distance, exact, {relative: 1e-3, scale: 1e-3})
  })
}

test('measureNetwork refuses wrong norms, methods and radii by name', async () => {
  const network = readNetwork(mlpModel(randomMlp(draws('request'), [2, 3])))
  const run = (request: object) => measureNetwork(network, [[1, 2]], request)
  const radius = (...radii: number[]) => [{rule: 'mine', radius: Float64Array.from(radii)}]
  await rejects(run({norms: ['l7']}), 'norms: expected')
  await rejects(run({methods: ['magic'], radii: radius(1)}), 'methods: expected')
  for (const bad of [[], [1, 2], [0], [-1], [Number.NaN]]) {
    await rejects(run({methods: ['interval'], radii: radius(...bad)}), 'radii')
  }
})

test('a radius of another type is named', async () => {
  const network = readNetwork(mlpModel(randomMlp(draws('request'), [2, 3])))
  await rejects(sphereBound(network, [[1, 2]], '0.1' as never), 'got "0.1"')
  await rejects(sphereBound(network, [[1, 2]], undefined as never), 'radius: expected')
})

test("BatchNormalization's axis as a list, as Keras writes it", async () => {
  const model = tf.sequential({
    layers: [
      layers.batchNormalization({axis: [1] as never, inputShape: [3]}),
      layers.dense({units: 4, activation: 'relu'}),
    ],
  })
  assert.is(readNetwork(model).layers.length, 1)
})

test('an overflow names the layer as the model does', async () => {
  const model = mlpModel(randomMlp(draws('overflow'), [2, 3, 3]))
  const layer = model.layers[2]!
  const [kernel, bias] = layer.getWeights()
  layer.setWeights([tf.fill(kernel!.shape, 3e38), bias!])
  await rejects(distanceToBoundary(readNetwork(model), [[5, 5]]), model.layers[3]!.name)
})

test.run()
