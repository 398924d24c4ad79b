import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {
  countRegions,
  distanceToBoundary,
  methods,
  readNetwork,
  sphereBound,
} from '../../../src/index.js'
import {useBackend} from '../../support/backends.js'
import {draws} from '../../support/draw.js'
import {countRegions2d} from '../../support/exact-regions.js'
import {mlp64, mlpModel, randomMlp} from '../../support/mlp.js'
import {pattern} from '../../support/network64.js'
import {forRandomNetworks} from '../../support/random-network.js'
import {referenceModel, references} from '../../support/reference.js'
import {rejects} from '../../support/rejects.js'
import {randomPoints, searchBall} from '../../support/samples.js'
import {keepsTensors} from '../../support/tensors.js'

const test = suite('countRegions')
test.before(() => useBackend('cpu'))

const facets = {method: 'facets'} as const
const complete = (regions: number) => ({regions, complete: true})

for (const reference of references) {
  const {name, centers, inputDim, expected} = reference
  if (!expected.some(({balls}) => balls.some(({exactRegions}) => exactRegions))) continue
  test(`the reference vectors of ${name}`, async () => {
    const network = readNetwork(referenceModel(reference))
    for (const [c, {balls}] of expected.entries()) {
      for (const {radius, exactRegions} of balls) {
        if (!exactRegions) continue
        const label = `center ${c}, radius ${radius}`
        const counted = await countRegions(network, centers[c]!, radius, facets)
        assert.equal(counted, complete(exactRegions), label)
        if (inputDim !== 2) continue
        assert.equal(await countRegions(network, centers[c]!, radius), counted, label)
      }
    }
  })
}

test('two inputs, layers of every type: both ways, and a third, find the same number', async () => {
  let most = 0
  await forRandomNetworks(40, {inputShapes: [[2]]}, async ({model, network64}, random) => {
    const network = readNetwork(model)
    for (const radius of [0.1, 1.5]) {
      const [center] = randomPoints(random, 1, 2) as [number[]]
      const {regions} = await countRegions(network, center, radius)
      assert.is(regions, countRegions2d(network64, center, radius), `radius ${radius}`)
      most = Math.max(most, regions)
      if (regions > 100) continue
      assert.equal(await countRegions(network, center, radius, facets), complete(regions))
    }
  })
  assert.ok(most > 20, `at most ${most} regions`)
})

test('more inputs: what is seen in the ball <= the count <= every bound', async () => {
  let [seen, counted] = [0, 0]
  const inputShapes = [[1], [3], [4], [2, 2], [4, 3, 1]]
  await forRandomNetworks(30, {inputShapes}, async ({model, network64, inputSize}, random) => {
    const network = readNetwork(model)
    const [center] = randomPoints(random, 1, inputSize) as [number[]]
    const radius = random.pick([0.05, 0.2, 0.5])
    const {regions} = await countRegions(network, center, radius, {limit: 100})
    const points = searchBall(random, network64, center, radius, 300)
    const patterns = new Set(points.map((point) => pattern(network64, point))).size
    if (regions < 100) {
      assert.ok(patterns <= regions, `${patterns} seen of ${regions}`)
      seen += patterns
      counted += regions
    }
    for (const method of methods) {
      const {log2Regions} = await sphereBound(network, [center], radius, {method})
      const label = `${method}: 2^${log2Regions[0]} for ${regions} at ${radius}`
      assert.ok(Math.log2(regions) <= log2Regions[0]! + 1e-9, label)
    }
  })
  assert.ok(seen > 0.6 * counted, `${seen} seen of ${counted}`)
})

test('one region exactly if the radius is at most the distance to the boundary', () =>
  forRandomNetworks(40, {}, async ({model, inputSize}, random) => {
    const network = readNetwork(model)
    const [center] = randomPoints(random, 1, inputSize) as [number[]]
    const {distance} = await distanceToBoundary(network, [center])
    const [near] = distance as unknown as [number]
    const within = Number.isFinite(near) ? near : 1
    const few = {limit: 1}
    assert.equal(await countRegions(network, center, within * (1 - 1e-5), few), complete(1))
    const beyond = {regions: 1, complete: !Number.isFinite(near)}
    assert.equal(await countRegions(network, center, within * (1 + 1e-4), few), beyond)
  }))

test('the ball is open: a boundary that it touches is not crossed', async () => {
  const model = tf.sequential()
  const weights = [tf.tensor2d([[3], [4]]), tf.tensor1d([-5])]
  model.add(tf.layers.dense({units: 1, weights, activation: 'relu', inputShape: [2]}))
  const network = readNetwork(model)
  for (const options of [{}, facets]) {
    assert.equal(await countRegions(network, [0, 0], 1, options), complete(1))
    assert.equal(await countRegions(network, [0, 0], 1.0001, options), complete(2))
    // A center on the boundary sees both sides.
    assert.equal(await countRegions(network, [1, 0.5], 1e-3, options), complete(2))
  }
})

test('no ball has more regions than the whole space can', async () => {
  for (const [widths, regions] of [
    [[1, 3, 3], 16],
    [[1, 5, 5, 5], 216],
    [[2, 3, 3], 40],
    [[2, 4, 4], 121],
    [[4, 4, 4], 163],
  ] as const) {
    let most = 0
    for (let seed = 1; seed <= 6; seed++) {
      const network = readNetwork(mlpModel(randomMlp(draws(`${widths} ${seed}`), widths)))
      const counted = await countRegions(network, Array(widths[0]).fill(0), 1000)
      assert.ok(counted.complete && counted.regions <= regions, `${widths}: ${counted.regions}`)
      most = Math.max(most, counted.regions)
    }
    assert.ok(most > 5, `${widths}: at most ${most}`)
  }
})

test('hyperplanes in general position: as many as Zaslavsky counts', async () => {
  for (const [units, inputs] of [
    [3, 1],
    [6, 2],
    [5, 3],
    [6, 4],
    [4, 6],
  ] as const) {
    const {layers, slope} = randomMlp(draws(`${units} in ${inputs}`), [inputs, units])
    const [{kernel, bias}] = layers as [(typeof layers)[0]]
    const count = async (bias: readonly number[]) => {
      const network = readNetwork(mlpModel({layers: [{kernel, bias}], slope}))
      return (await countRegions(network, Array(inputs).fill(0), 1e4, facets)).regions
    }
    const label = `${units} in ${inputs} dimensions`
    assert.is(await count(bias), subsetsOf(units, inputs), label)
    // All through the center, as those of a layer whose biases are still 0.
    const central = 2 * subsetsOf(units - 1, inputs - 1)
    assert.is(await count(Array(units).fill(0)), central, `${label}, through one point`)
  }
})

/** Sets of at most k of n things. */
function subsetsOf(n: number, k: number): number {
  let [sum, sets] = [0, 1]
  for (let j = 0; j <= Math.min(n, k); j++) {
    sum += sets
    sets = (sets * (n - j)) / (j + 1)
  }
  return sum
}

test('a turned network of rank two has the regions of its plane', async () => {
  const random = draws('turned')
  for (const inputs of [3, 6, 40]) {
    const flat = randomMlp(random, [2, 6, 5])
    const [first, second] = flat.layers
    // Rows of zeros and a permutation keep float32 exact: x_p and x_q are the plane's coordinates.
    const [p, q] = [inputs - 1, 1]
    const kernel = Array.from({length: inputs}, (_, i) =>
      i === p ? first!.kernel[0]! : i === q ? first!.kernel[1]! : Array(6).fill(0),
    )
    const turned = {slope: 0, layers: [{kernel, bias: first!.bias}, second!]}
    const center = Array(inputs).fill(0.1)
    const {regions} = await countRegions(readNetwork(mlpModel(turned)), center, 0.7)
    const expected = countRegions2d(mlp64(flat), [0.1, 0.1].map(Math.fround), 0.7)
    assert.is(regions, expected, `${inputs} inputs`)
  }
})

test('stops at its limit and says so', async () => {
  const network = readNetwork(mlpModel(randomMlp(draws('limit'), [2, 8, 8])))
  for (const method of ['polygons', 'facets'] as const) {
    const {regions} = await countRegions(network, [0, 0], 1, {method})
    assert.ok(regions > 10)
    const at = (limit: number) => countRegions(network, [0, 0], 1, {method, limit})
    assert.equal(await at(regions), complete(regions))
    assert.equal(await at(regions - 1), {regions: regions - 1, complete: false})
    assert.equal(await at(1), {regions: 1, complete: false})
  }
})

test('takes points of every form, and leaves no tensor', async () => {
  const network = readNetwork(mlpModel(randomMlp(draws('forms'), [4, 5])))
  const image = {...network, inputShape: [2, 2, 1]}
  const x = [0.1, -0.2, 0.3, 0.4]
  await keepsTensors(async () => {
    const {regions} = await countRegions(network, x, 0.5)
    const own = tf.tensor4d(x, [1, 2, 2, 1])
    const alone = tf.tensor3d(x, [2, 2, 1])
    const forms = [
      own,
      alone,
      x,
      [x],
      Float32Array.from(x),
      [
        [[0.1], [-0.2]],
        [[0.3], [0.4]],
      ],
    ]
    for (const form of forms) {
      assert.is((await countRegions(image, form, 0.5)).regions, regions)
    }
    tf.dispose([own, alone])
  })
})

test('says what is wrong with its options', async () => {
  const three = readNetwork(mlpModel(randomMlp(draws('wrong'), [3, 4])))
  const count = (center: number[] | number[][], radius: number, options: object = {}) =>
    countRegions(three, center, radius, options)
  await rejects(
    count([0, 0, 0], 1, {method: 'polygons'}),
    /method: 'polygons' expects two inputs, got 3/,
  )
  await rejects(
    count([0, 0, 0], 1, {method: 'lines'}),
    /method: expected one of 'polygons', 'facets'/,
  )
  await rejects(
    count([0, 0, 0], 1, {limit: 0}),
    /limit: expected a whole number of at least 1, got 0/,
  )
  await rejects(count([0, 0, 0], 1, {limit: 1.5}), /limit: .* got 1.5/)
  await rejects(count([0, 0, 0], 0), /radius: expected a finite number above 0, got 0/)
  await rejects(count([0, 0], 1), /center: expected at least one point of shape \[points, 3\]/)
  await rejects(
    count(
      [
        [0, 0, 0],
        [1, 1, 1],
      ],
      1,
    ),
    /center: expected one point, got 2/,
  )
  await rejects(count([0, Number.NaN, 0], 1), /center: expected finite numbers, got NaN/)
})

test.run()
