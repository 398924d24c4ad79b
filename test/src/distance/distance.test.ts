import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {distanceToBoundary, type Norm, readNetwork} from '../../../src/index.js'
import {useBackend} from '../../support/backends.js'
import {draws} from '../../support/draw.js'
import {type Mlp, mlp64, mlpModel, randomMlp} from '../../support/mlp.js'
import {near} from '../../support/near.js'
import {
  differentiate,
  evaluate,
  type Form64,
  formsOf,
  type Network64,
  pattern,
} from '../../support/network64.js'
import {forRandomNetworks} from '../../support/random-network.js'
import {rejects} from '../../support/rejects.js'
import {randomPoints} from '../../support/samples.js'

const test = suite('distanceToBoundary')
test.before(() => useBackend('cpu'))

/** An affine map before every kink, so that no two units share a boundary. */
const generic = [
  'dense',
  'denseRelu',
  'denseRelu6',
  'dense leakyReLU',
  'dense prelu',
  'conv2dRelu',
  'conv2d hardSigmoid',
  'averagePooling2d',
  'batchNormalization',
  'dropout',
]

const measure = (model: tf.LayersModel, points: number[][], options = {}) =>
  distanceToBoundary(readNetwork(model), points, options)

/** Length of a gradient in the norm that is dual to the input space's. */
function lengthOf({row: [, ...gradient]}: Form64, norm: Norm): number {
  return norm === 'l2' ? Math.hypot(...gradient) : gradient.reduce((sum, g) => sum + Math.abs(g), 0)
}

/** |form| / ||grad form|| of everything that could cut, from the whole Jacobian in float64. */
function slowDistances(network: Network64, x: readonly number[], norm: Norm = 'l2') {
  return formsOf(differentiate(network, x).layers).map((form) => ({
    ...form,
    distance: lengthOf(form, norm) > 0 ? Math.abs(form.row[0]!) / lengthOf(form, norm) : Infinity,
  }))
}

function slowDistance(network: Network64, x: readonly number[], norm: Norm = 'l2'): number {
  return slowDistances(network, x, norm).reduce((a, {distance: b}) => Math.min(a, b), Infinity)
}

const close = {relative: 1e-4, scale: 1e-3}

for (const [backend, norm, count] of [
  ['cpu', 'l2', 60],
  ['cpu', 'linf', 50],
  ['wasm', 'l2', 25],
  ['wasm', 'linf', 25],
] as const) {
  test(`equals the whole Jacobian's, ${norm} on ${backend}`, async () => {
    await useBackend(backend)
    await forRandomNetworks(count, {}, async ({model, network64, inputSize}, random) => {
      const points = randomPoints(random, 8, inputSize)
      const {distance, layer, unit} = await measure(model, points, {norm})
      near(
        distance,
        points.map((x) => slowDistance(network64, x, norm)),
        close,
      )
      points.forEach((x, p) => {
        if (distance[p] === Infinity) {
          assert.equal([layer[p], unit[p]], [-1, -1])
          return
        }
        const named = slowDistances(network64, x, norm).filter(
          (form) => form.layer === layer[p] && form.unit === unit[p],
        )
        const least = Math.min(...named.map((form) => form.distance))
        near([least], [distance[p]!], {...close, label: 'of the unit named'})
      })
    })
    await useBackend('cpu')
  })
}

test('no boundary is nearer in any of many directions', () =>
  forRandomNetworks(40, {}, async ({model, network64, inputSize}, random) => {
    const points = randomPoints(random, 5, inputSize)
    for (const norm of ['l2', 'linf'] as const) {
      const {distance} = await measure(model, points, {norm})
      points.forEach((x, p) => {
        const own = pattern(network64, x)
        const step = Number.isFinite(distance[p]!) ? distance[p]! * 0.999 : 1e3
        for (let k = 0; k < 60; k++) {
          const direction =
            norm === 'l2'
              ? random.direction(inputSize)
              : Float64Array.from(x, () => random.pick([-1, 1]))
          const there = direction.map((u, i) => x[i]! + step * u)
          assert.is(pattern(network64, there), own, `${norm}, at ${step}, point ${p}`)
        }
      })
    }
  }))

test("a step a little longer, along the found unit's gradient, takes that unit over its kink", () =>
  forRandomNetworks(50, {types: generic}, async ({model, network64, inputSize}, random) => {
    const points = randomPoints(random, 5, inputSize)
    const {distance, layer, unit} = await measure(model, points)
    points.forEach((x, p) => {
      const [l, i] = [layer[p]!, unit[p]!]
      if (l < 0) return
      const [nearest] = slowDistances(network64, x)
        .filter((form) => form.layer === l && form.unit === i)
        .sort((a, b) => a.distance - b.distance)
      const [z, ...gradient] = nearest!.row
      const step = (-Math.sign(z!) * distance[p]! * (1 + 1e-3)) / Math.hypot(...gradient)
      const there = x.map((v, k) => v + step * gradient[k]!)
      const piece = (at: readonly number[]) => evaluate(network64, at).layers[l]!.won[i]!
      assert.is.not(piece(there), piece(x), `layer ${l}, unit ${i}`)
    })
  }))

for (const slope of [-0.5, 0.01, 0.3, 1.7]) {
  test(`leaky slope ${slope}`, async () => {
    const random = draws(`slope ${slope}`)
    const mlp = randomMlp(random, [6, 8, 8, 8], slope)
    const points = randomPoints(random, 30, 6)
    const {distance} = await measure(mlpModel(mlp), points)
    near(
      distance,
      points.map((x) => slowDistance(mlp64(mlp), x)),
      close,
    )
  })
}

test('one unit: the distance to a line', async () => {
  const mlp: Mlp = {layers: [{kernel: [[3], [4]], bias: [-5]}], slope: 0}
  const points = [
    [0, 0],
    [3, -1],
    [10, 0],
  ]
  const {distance, layer, unit} = await measure(mlpModel(mlp), points)
  near(distance, [1, 0, 5])
  assert.equal([[...layer], [...unit]], [Array(3).fill(0), Array(3).fill(0)])
})

test('a point on a boundary is at distance 0', async () => {
  // The second unit of the second layer is 0 where the first layer's units are equal.
  const mlp: Mlp = {
    layers: [
      {
        kernel: [
          [1, 0],
          [0, 1],
        ],
        bias: [1, 1],
      },
      {
        kernel: [
          [1, 1],
          [1, -1],
        ],
        bias: [1, 0],
      },
    ],
    slope: 0,
  }
  const {distance, layer, unit} = await measure(mlpModel(mlp), [[2, 2]])
  assert.equal([distance[0], layer[0], unit[0]], [0, 1, 1])
})

test('where no unit can ever change, the distance is infinite and no unit is named', async () => {
  const dead: Mlp = {
    layers: [
      {kernel: [[0, 0]], bias: [-1, 2]},
      {kernel: [[1], [1]], bias: [0]},
    ],
    slope: 0,
  }
  const linear = tf.sequential({layers: [tf.layers.dense({units: 2, inputShape: [1]})]})
  for (const model of [mlpModel(dead), linear]) {
    const {distance, layer, unit} = await measure(model, [[3], [-4]])
    assert.equal(distance, Float64Array.of(Infinity, Infinity))
    assert.equal(layer, Int32Array.of(-1, -1))
    assert.equal(unit, Int32Array.of(-1, -1))
  }
})

test('a layer that is off hides those behind it', async () => {
  const off: Mlp = {
    layers: [
      {kernel: [[1]], bias: [-10]},
      {kernel: [[1]], bias: [0.001]},
    ],
    slope: 0,
  }
  const {distance, layer} = await measure(mlpModel(off), [[2]])
  near(distance, [8])
  assert.is(layer[0], 0)
})

test('inputs of three axes, as they are or flattened', async () => {
  const model = tf.sequential({
    layers: [
      tf.layers.flatten({inputShape: [2, 2, 3]}),
      tf.layers.dense({units: 9, activation: 'relu'}),
      tf.layers.dense({units: 9, activation: 'relu'}),
      tf.layers.dense({units: 1}),
    ],
  })
  const points = tf.randomNormal([7, 2, 2, 3], 0, 1, 'float32', 5)
  const flat = points.reshape([7, 12])
  const found = await distanceToBoundary(readNetwork(model), points)
  assert.equal(await distanceToBoundary(readNetwork(model), flat), found)
  const first = model.layers[1]!.getWeights()
  const second = model.layers[2]!.getWeights()
  const asLayer = async ([kernel, bias]: tf.Tensor[]) => ({
    kernel: (await kernel!.array()) as number[][],
    bias: (await bias!.array()) as number[],
  })
  const network64 = mlp64({layers: [await asLayer(first), await asLayer(second)], slope: 0})
  const rows = (await flat.array()) as number[][]
  near(
    found.distance,
    rows.map((x) => slowDistance(network64, x)),
    close,
  )
  tf.dispose([points, flat])
})

test('a gradient that float32 cannot hold is told of, and not passed over', async () => {
  const deep = (depth: number) => {
    const w = 2000
    const first = {kernel: [[w, 2 * w]], bias: [1, 1]}
    const later = {
      kernel: [
        [w, -w],
        [-w, w],
      ],
      bias: [1, 1],
    }
    const layers = [first, ...Array.from({length: depth - 1}, () => later)]
    return mlpModel({slope: 0, layers})
  }
  const {distance} = await measure(deep(10), [[0]])
  assert.ok(distance[0]! < 1e-30, `${distance}`)
  await rejects(
    measure(deep(11), [[0]]),
    /^kinked layer \d+: expected gradients that float32 can hold, got a larger one at unit \d/,
  )
})

test('many points in little memory: the same numbers', async () => {
  const random = draws('many points')
  const model = mlpModel(randomMlp(random, [10, 24, 24, 24]))
  const points = randomPoints(random, 1500, 10)
  const [little, plenty] = [
    await measure(model, points, {memory: 2 ** 20}),
    await measure(model, points),
  ]
  near(little.distance, plenty.distance, {relative: 1e-6, scale: 1e-3})
  assert.equal(little.layer, plenty.layer)
  assert.equal(little.unit, plenty.unit)
})

test.run()
