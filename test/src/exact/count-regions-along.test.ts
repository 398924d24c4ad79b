import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {
  countRegions,
  countRegionsAlong,
  distanceToBoundary,
  readNetwork,
} from '../../../src/index.js'
import {useBackend} from '../../support/backends.js'
import {draws} from '../../support/draw.js'
import {mlpModel, randomMlp} from '../../support/mlp.js'
import {near} from '../../support/near.js'
import {pattern} from '../../support/network64.js'
import {forRandomNetworks} from '../../support/random-network.js'
import {rejects} from '../../support/rejects.js'
import {randomPoints} from '../../support/samples.js'
import {keepsTensors} from '../../support/tensors.js'

const test = suite('countRegionsAlong')
test.before(() => useBackend('cpu'))

const between = (from: readonly number[], to: readonly number[], t: number) =>
  from.map((v, i) => v + t * (to[i]! - v))

test('layers of every type: a new pattern beyond every kink, none in between', async () => {
  let found = 0
  await forRandomNetworks(80, {}, async ({model, network64, inputSize}, random) => {
    const [from, to] = randomPoints(random, 2, inputSize) as [number[], number[]]
    const {regions, kinks} = await countRegionsAlong(readNetwork(model), from, to)
    assert.is(regions, kinks.length + 1)
    const patternAt = (t: number) => pattern(network64, between(from, to, t))
    const ends = [0, ...kinks, 1]
    const seen = new Set<string>()
    for (let piece = 0; piece < regions; piece++) {
      const [left, right] = [ends[piece]!, ends[piece + 1]!]
      assert.ok(left < right, `kinks rise: ${left}, ${right}`)
      if (right - left < 1e-9) continue
      const inside = Array.from({length: 9}, (_, k) =>
        patternAt(left + ((k + 0.5) / 9) * (right - left)),
      )
      assert.is(new Set(inside).size, 1, `one pattern between ${left} and ${right}`)
      assert.not.ok(seen.has(inside[0]!), `a region met twice, at ${left}`)
      seen.add(inside[0]!)
    }
    found += kinks.length
  })
  assert.ok(found > 300, `${found} kinks`)
})

test('as many as dense sampling sees, where no gap is smaller than its step', () =>
  forRandomNetworks(20, {layers: [1, 3]}, async ({model, network64, inputSize}, random) => {
    const [from, to] = randomPoints(random, 2, inputSize) as [number[], number[]]
    const {regions, kinks} = await countRegionsAlong(readNetwork(model), from, to)
    const gaps = [...kinks, 1].map((t, k) => t - (kinks[k - 1] ?? 0))
    if (Math.min(...gaps) < 1e-3) return
    const patterns = Array.from({length: 2001}, (_, k) =>
      pattern(network64, between(from, to, k / 2000)),
    )
    assert.is(patterns.filter((own, k) => k > 0 && own !== patterns[k - 1]).length, regions - 1)
  }))

test('backwards, in parts and against the ball of one input', async () => {
  await forRandomNetworks(30, {}, async ({model, inputSize}, random) => {
    const network = readNetwork(model)
    const [from, to] = randomPoints(random, 2, inputSize) as [number[], number[]]
    const {kinks} = await countRegionsAlong(network, from, to)
    const back = await countRegionsAlong(network, to, from)
    near(back.kinks.map((t) => 1 - t).reverse(), kinks, {relative: 1e-9, scale: 1})
    const at = Array.from(between(from, to, 0.25), Math.fround)
    const parts = [
      await countRegionsAlong(network, from, at),
      await countRegionsAlong(network, at, to),
    ]
    // The point between is rounded to float32, so that a kink near it may go over.
    const joined = [
      ...parts[0]!.kinks.map((t) => t / 4),
      ...parts[1]!.kinks.map((t) => (1 + 3 * t) / 4),
    ]
    if (kinks.every((t) => Math.abs(t - 0.25) > 1e-5))
      near(joined, kinks, {relative: 1e-5, scale: 1})
  })
  await forRandomNetworks(20, {inputShapes: [[1]]}, async ({model}, random) => {
    const network = readNetwork(model)
    const center = random.whole(-8, 8) / 8
    const radius = random.pick([0.5, 2])
    const {regions} = await countRegionsAlong(network, [center - radius], [center + radius])
    assert.is(regions, (await countRegions(network, [center], radius)).regions)
  })
})

test('the first kink is no nearer than the distance to the boundary', () =>
  forRandomNetworks(30, {}, async ({model, inputSize}, random) => {
    const network = readNetwork(model)
    const [from, to] = randomPoints(random, 2, inputSize) as [number[], number[]]
    const {kinks} = await countRegionsAlong(network, from, to)
    const length = Math.hypot(...between(from, to, 1).map((v, i) => v - from[i]!))
    const {distance} = await distanceToBoundary(network, [from])
    const first = (kinks[0] ?? 1) * length
    if (kinks.length > 0) assert.ok(first >= distance[0]! * (1 - 1e-5), `${first}, ${distance[0]}`)
    else assert.ok(true)
  }))

test('several units that change at one place are one kink; ends and touches are none', async () => {
  const kernel = [[1, 2, -1, 0, 1, 0]]
  const bias = [-0.5, -1, 0.5, 3, -0.75, 0]
  const network = readNetwork(mlpModel({slope: 0, layers: [{kernel, bias}]}))
  const along = async (from: number, to: number) => [
    ...(await countRegionsAlong(network, [from], [to])).kinks,
  ]
  assert.equal(await along(0, 1), [0.5, 0.75])
  assert.equal(await along(1, 0), [0.25, 0.5])
  assert.equal(await along(0.5, 0.75), [])
  assert.equal(await along(0.25, 0.25), [])
})

test('through the corner of a cone: straight from one side to the other', async () => {
  const random = draws('cone')
  const mlp = randomMlp(random, [3, 8, 8])
  const layers = mlp.layers.map(({kernel, bias}) => ({kernel, bias: bias.map(() => 0)}))
  const network = readNetwork(mlpModel({layers, slope: 0}))
  for (let k = 0; k < 10; k++) {
    const x = Array.from(random.normals(3), Math.fround)
    const {kinks} = await countRegionsAlong(
      network,
      x,
      x.map((v) => -v),
    )
    assert.equal([...kinks], [0.5])
  }
})

test('a network of convolutions and pools at CIFAR size', async () => {
  const {layers} = tf
  const seeded = (seed: number) => tf.initializers.heNormal({seed})
  const conv = (seed: number, options: object = {}) =>
    layers.conv2d({
      filters: 4,
      kernelSize: 3,
      activation: 'relu',
      kernelInitializer: seeded(seed),
      ...options,
    })
  const model = tf.sequential({
    layers: [
      conv(1, {inputShape: [32, 32, 3], strides: 2}),
      layers.maxPooling2d({poolSize: 3}),
      conv(2),
      layers.flatten(),
      layers.dense({units: 16, activation: 'relu', kernelInitializer: seeded(3)}),
    ],
  })
  const network = readNetwork(model)
  const from = tf.randomUniform([32, 32, 3], 0, 1, 'float32', 7)
  const to = tf.tidy(
    () => from.add(tf.randomNormal([32, 32, 3], 0, 0.05, 'float32', 8)) as tf.Tensor3D,
  )
  const {regions, kinks} = await keepsTensors(() => countRegionsAlong(network, from, to))
  assert.ok(regions > 20, `${regions} regions`)
  const outputAt = (t: number) =>
    tf.tidy(() => {
      const point = from.mul(1 - t).add(to.mul(t))
      return (model.predict(point.expandDims(0)) as tf.Tensor).dataSync()
    })
  // tf's own network is affine from each kink to the next.
  for (const [k, right] of [...kinks, 1].entries()) {
    const left = kinks[k - 1] ?? 0
    const [low, high] = [outputAt(left), outputAt(right)]
    const middle = low.map((v, i) => (v + high[i]!) / 2)
    near(outputAt((left + right) / 2), middle, {relative: 1e-6, scale: 1, label: `from ${left}`})
  }
  tf.dispose([from, to])
})

test('says what is wrong with its points', async () => {
  const network = readNetwork(mlpModel(randomMlp(draws('wrong'), [2, 4])))
  await rejects(
    countRegionsAlong(network, [0], [1, 1]),
    /from: expected at least one point of shape/,
  )
  await rejects(
    countRegionsAlong(
      network,
      [0, 0],
      [
        [1, 1],
        [2, 2],
      ],
    ),
    /to: expected one point, got 2/,
  )
  await rejects(countRegionsAlong(network, [0, 0], [1, Infinity]), /to: expected finite numbers/)
})

test.run()
