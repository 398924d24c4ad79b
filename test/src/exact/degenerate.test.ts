import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {countRegions, readNetwork, regionPolygons} from '../../../src/index.js'
import {useBackend} from '../../support/backends.js'
import {type Draw, draws} from '../../support/draw.js'
import {type HiddenLayer, type Mlp, mlp64, mlpModel, randomMlp} from '../../support/mlp.js'
import {pattern} from '../../support/network64.js'
import {countWholeNumberRegions} from '../../support/whole-number-regions.js'

const test = suite('regions of degenerate networks')
test.before(() => useBackend('cpu'))

const weights: Record<string, (random: Draw) => number> = {
  'of -1, 0 and 1': (random) => random.pick([-1, 0, 1]),
  'mostly 0': (random) => random.pick([0, 0, 0, -1, 1]),
  'whole numbers': (random) => random.whole(-3, 3),
}

/** Parallel, equal and zero rows, many lines through one point, dead layers. */
function degenerateMlp(random: Draw, weight: (random: Draw) => number, inputs: number): Mlp {
  const widths = [inputs, ...Array.from({length: random.whole(1, 3)}, () => random.whole(1, 5))]
  const withoutBias = random.pick([true, false])
  const row = (size: number, isBias = false) =>
    Array.from({length: size}, () => (isBias && withoutBias ? 0 : weight(random)))
  return {
    slope: random.pick([0, 0, 0.25, -0.5, 2]),
    layers: widths.slice(1).map((outputs, l) => ({
      kernel: Array.from({length: widths[l]!}, () => row(outputs)),
      bias: row(outputs, true),
    })),
  }
}

for (const [kind, weight] of Object.entries(weights)) {
  test(`two inputs, weights ${kind}: as in whole numbers, lines that touch the disc included`, async () => {
    for (let seed = 1; seed <= 60; seed++) {
      const mlp = degenerateMlp(draws(`${kind} ${seed}`), weight, 2)
      const network = readNetwork(mlpModel(mlp))
      for (const center of [
        [0, 0],
        [0.5, 0.25],
        [1, -1],
      ] as const) {
        for (const radius of [0.5, 2.5]) {
          const label = `seed ${seed}, center ${center}, radius ${radius}`
          const wanted = {regions: countWholeNumberRegions(mlp, center, radius), complete: true}
          assert.equal(await countRegions(network, center, radius), wanted, label)
          const walked = await countRegions(network, center, radius, {method: 'facets'})
          assert.equal(walked, wanted, `${label}, facets`)
        }
      }
    }
  })

  test(`more inputs, weights ${kind}: at least what is seen at random, and not much more`, async () => {
    let [seen, counted] = [0, 0]
    for (let seed = 1; seed <= 15; seed++) {
      const random = draws(`${kind} ${seed}`)
      const inputs = random.whole(3, 4)
      const mlp = degenerateMlp(random, weight, inputs)
      const center = Array(inputs).fill(0)
      const {regions} = await countRegions(readNetwork(mlpModel(mlp)), center, 1.3)
      const network64 = mlp64(mlp)
      const points = Array.from({length: 1000}, () => random.inBall(center, 1.3))
      const patterns = new Set(points.map((point) => pattern(network64, point))).size
      assert.ok(patterns <= regions, `seed ${seed}: ${patterns} seen of ${regions}`)
      seen += patterns
      counted += regions
    }
    assert.ok(seen > 0.6 * counted, `${seen} seen of ${counted}`)
  })
}

test('rows that are multiples of each other but for rounding: a sliver may be left out, none is made up', async () => {
  let [missed, counts] = [0, 0]
  for (const factor of [2, 3, -1, 1 / 3, -0.7]) {
    for (let seed = 1; seed <= 15; seed++) {
      const random = draws(`${factor} ${seed}`)
      const widths = [2, random.whole(2, 6), random.whole(2, 6)]
      const layers = widths.slice(1).map((outputs, l) => {
        const columns = Array.from({length: outputs}, () =>
          Array.from(random.normals(widths[l]! + 1), Math.fround),
        )
        for (let k = 1; k < outputs; k += 2) {
          columns[k] = columns[random.whole(0, k - 1)]!.map((v) => Math.fround(factor * v))
        }
        return {
          kernel: Array.from({length: widths[l]!}, (_, i) => columns.map((column) => column[i]!)),
          bias: columns.map((column) => column.at(-1)!),
        }
      })
      const mlp = {layers, slope: random.pick([0, 0.25])}
      const network = readNetwork(mlpModel(mlp))
      for (const radius of [0.01, 0.3, 2]) {
        const [x, y] = Array.from(random.normals(2), Math.fround) as [number, number]
        const label = `factor ${factor}, seed ${seed}, radius ${radius}`
        const exact = countWholeNumberRegions(mlp, [x, y], radius)
        for (const method of ['polygons', 'facets'] as const) {
          const {regions} = await countRegions(network, [x, y], radius, {method})
          // A region between such rows can be narrower than float64 tells.
          const close = regions <= exact && regions >= exact - 1
          assert.ok(close, `${label}, ${method}: ${regions} of ${exact}`)
          if (regions < exact) missed++
          counts++
        }
      }
    }
  }
  assert.ok(missed < 0.02 * counts, `one region missed in ${missed} of ${counts} counts`)
})

test('lines that nearly coincide and meet on a third one: nothing is made up at their corner', async () => {
  for (let seed = 1; seed <= 30; seed++) {
    const random = draws(`corner ${seed}`)
    const {layers} = randomMlp(random, [2, 3, 1])
    const [first, {kernel, bias}] = layers as [HiddenLayer, HiddenLayer]
    // The two units differ in the weight of one unit before them: where that one is 0, they are the same.
    const columns = kernel.map(([w], i) => [w!, i === 0 ? Math.fround(w! * (1 + 2 ** -20)) : w!])
    const second = {kernel: columns, bias: [bias[0]!, bias[0]!]}
    const mlp = {slope: 0.25, layers: [first, second]}
    const network = readNetwork(mlpModel(mlp))
    for (const radius of [1, 4]) {
      const regions = countWholeNumberRegions(mlp, [0, 0], radius)
      for (const method of ['polygons', 'facets'] as const) {
        const counted = await countRegions(network, [0, 0], radius, {method})
        assert.equal(
          counted,
          {regions, complete: true},
          `seed ${seed}, radius ${radius}, ${method}`,
        )
      }
    }
  }
})

test('of two candidates of a maximum that are the same, one wins', async () => {
  const input = tf.input({shape: [2]})
  const unit = (weights: number[]) =>
    tf.layers
      .dense({units: 1, weights: [tf.tensor2d(weights, [2, 1]), tf.tensor1d([0])]})
      .apply(input) as tf.SymbolicTensor
  const twice = unit([1, 0])
  for (const branches of [
    [twice, twice, unit([0, 1])],
    [unit([0, 1]), twice, twice],
    [twice, unit([0, 1]), twice],
  ]) {
    const outputs = tf.layers.maximum().apply(branches) as tf.SymbolicTensor
    const network = readNetwork(tf.model({inputs: input, outputs}))
    for (const method of ['polygons', 'facets'] as const) {
      const counted = await countRegions(network, [0.1, 0], 1, {method})
      assert.equal(counted, {regions: 2, complete: true}, method)
    }
  }
})

test('a dead layer, zero rows and equal rows cut nothing', async () => {
  const dead = {
    slope: 0,
    layers: [
      layer(
        [
          [1, 0],
          [0, 1],
        ],
        [-9, -9],
      ),
      layer(
        [
          [1, 2],
          [3, 4],
        ],
        [0, 1],
      ),
    ],
  }
  const zero = {
    slope: 0,
    layers: [
      layer(
        [
          [0, 1],
          [0, 1],
        ],
        [0, 0],
      ),
      layer(
        [
          [1, 0],
          [0, 0],
        ],
        [0, -1],
      ),
    ],
  }
  const equal = {
    slope: 0,
    layers: [
      layer(
        [
          [1, 1, -1],
          [2, 2, -2],
        ],
        [0.5, 0.5, -0.5],
      ),
    ],
  }
  for (const [mlp, regions] of [
    [dead, 1],
    [zero, 2],
    [equal, 2],
  ] as const) {
    const network = readNetwork(mlpModel(mlp))
    for (const method of ['polygons', 'facets'] as const) {
      assert.equal(await countRegions(network, [0, 0], 2, {method}), {regions, complete: true})
    }
  }
})

const layer = (kernel: number[][], bias: number[]) => ({kernel, bias})

test('many lines through one point far from zero, in a small disc around it', async () => {
  const random = draws('through')
  const point = [3.25, -7.5] as const
  const directions = Array.from({length: 7}, () => [random.whole(-64, 64), random.whole(-64, 64)])
  const kernel = [0, 1].map((axis) => directions.map((direction) => direction[axis]!))
  const bias = directions.map(([a, b]) => -(a! * point[0] + b! * point[1]))
  const network = readNetwork(mlpModel({slope: 0, layers: [{kernel, bias}]}))
  for (const radius of [1, 1e-3, 1e-6]) {
    for (const method of ['polygons', 'facets'] as const) {
      const {regions} = await countRegions(network, point, radius, {method})
      assert.is(regions, 14, `radius ${radius}, ${method}`)
    }
  }
  const {polygons} = await regionPolygons(network, {x: [3, 3.5], y: [-8, -7]})
  assert.is(polygons.length, 14)
})

test.run()
