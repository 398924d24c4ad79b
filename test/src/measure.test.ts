import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {
  type Bounds,
  distanceToBoundary,
  type Measured,
  type MeasureRequest,
  measureNetwork,
  methods,
  type Network,
  NonFiniteError,
  norms,
  readNetwork,
  sphereBound,
} from '../../src/index.js'
import {assumeCosts} from '../../src/on-device/costs.js'
import {useBackend} from '../support/backends.js'
import {draws} from '../support/draw.js'
import {mlpModel, randomMlp} from '../support/mlp.js'
import {near} from '../support/near.js'
import {forRandomNetworks} from '../support/random-network.js'
import {rejects} from '../support/rejects.js'
import {randomPoints} from '../support/samples.js'
import {keepsTensors} from '../support/tensors.js'

const test = suite('measureNetwork')
const random = draws('measure')
const points = randomPoints(random, 12, 6)
const model = () => mlpModel(randomMlp(draws('model'), [6, 10, 10, 10]))
const radii = [0.05, 0.4, 0.15].map((r) => ({rule: `${r}`, radius: new Float64Array(12).fill(r)}))
const everything: MeasureRequest = {norms, methods, radii}
/** Layers with biases before every kink, so that no bound lies on a kink exactly. */
const generic = [
  'denseRelu',
  'denseRelu6',
  'dense leakyReLU',
  'batchNormalization activation',
  'conv2dRelu',
  'conv2d maxPooling2d',
  'concatenate dense prelu',
]
let network: Network

test.before(async () => {
  await useBackend('cpu')
  network = readNetwork(model())
})

/** The same measurement of some of the points, in another order. */
const pick = (request: MeasureRequest, order: readonly number[]): MeasureRequest => ({
  ...request,
  radii: (request.radii ?? []).map(({rule, radius}) => ({
    rule,
    radius: Float64Array.from(order, (p) => radius[p]!),
  })),
})

/** What was measured at one point, flattened. */
function at({distances, bounds}: Measured, p: number) {
  return {
    numbers: [
      ...distances.map(({distance}) => distance[p]!),
      ...bounds.map(({log2Regions}) => log2Regions[p]!),
    ],
    counts: [
      ...distances.flatMap(({layer, unit}) => [layer[p]!, unit[p]!]),
      ...bounds.flatMap(({unstable, active}) => [...unstable, ...active].map((own) => own[p]!)),
    ],
  }
}

function same(one: ReturnType<typeof at>, other: ReturnType<typeof at>, label: string): void {
  near(one.numbers, other.numbers, {relative: 1e-6, scale: 1e-3, label})
  assert.equal(one.counts, other.counts, label)
}

for (const backend of ['cpu', 'wasm'] as const) {
  test(`the same numbers for a point alone, in a batch and in another order, on ${backend}`, async () => {
    await useBackend(backend)
    const all = await measureNetwork(network, points, everything)
    const order = points.map((_, p) => (p * 5 + 3) % points.length)
    const shuffled = await measureNetwork(
      network,
      order.map((p) => points[p]!),
      pick(everything, order),
    )
    for (const [place, p] of order.entries()) {
      same(at(shuffled, place), at(all, p), `shuffled, point ${p}`)
    }
    for (const p of [0, 7]) {
      const alone = await measureNetwork(network, [points[p]!], pick(everything, [p]))
      same(at(alone, 0), at(all, p), `alone, point ${p}`)
    }
    await useBackend('cpu')
  })
}

test('nested arrays and tensors give the same', async () => {
  const tensor = tf.tensor2d(points)
  const [fromTensor, fromArrays] = [
    await measureNetwork(network, tensor, everything),
    await measureNetwork(network, points, everything),
  ]
  tensor.dispose()
  assert.equal({...fromTensor, timings: {}}, {...fromArrays, timings: {}})
})

test('methods by countings by radii, in the order asked for', async () => {
  const {bounds, distances} = await measureNetwork(network, points, {
    norms: ['linf', 'l2'],
    methods: ['crown', 'spectral'],
    countings: ['flats', 'product'],
    radii,
  })
  assert.equal(
    bounds.map(({method, counting, rule}) => [method, counting, rule]),
    ['crown', 'spectral'].flatMap((method) =>
      ['flats', 'product'].flatMap((counting) => radii.map(({rule}) => [method, counting, rule])),
    ),
  )
  for (const [k, {radius}] of bounds.entries()) assert.is(radius, radii[k % 3]!.radius)
  assert.equal(
    distances.map(({norm}) => norm),
    ['linf', 'l2'],
  )
})

test('only what is asked for', async () => {
  const none = await measureNetwork(network, points, {})
  assert.equal([none.distances, none.bounds], [[], []])
  const withoutRadii = await measureNetwork(network, points, {methods: ['crown']})
  assert.equal(withoutRadii.bounds, [])
  const withoutMethods = await measureNetwork(network, points, {radii})
  assert.equal(withoutMethods.bounds, [])
})

test('the public functions give the same numbers', async () => {
  const {distances, bounds} = await measureNetwork(network, points, {
    norms: ['l2'],
    methods,
    radii: [radii[1]!],
  })
  const {norm, ...own} = distances[0]!
  assert.equal(await distanceToBoundary(network, points), own)
  for (const {method, radius, log2Regions, unstable, active} of bounds) {
    const alone = await sphereBound(network, points, radius, {method})
    assert.equal(alone, {log2Regions, unstable, active}, method)
  }
  assert.is(norm, 'l2')
})

test('the order of the radii does not matter', async () => {
  const orders = [
    [0, 1, 2],
    [2, 1, 0],
    [1, 2, 0],
  ]
  const measured = await Promise.all(
    orders.map((order) =>
      measureNetwork(network, points, {methods, radii: order.map((k) => radii[k]!)}),
    ),
  )
  const byRule = ({bounds}: Measured) => [...bounds].sort((a, b) => key(a).localeCompare(key(b)))
  for (const other of measured) assert.equal(byRule(other), byRule(measured[0]!))
})

const key = ({method, rule}: Bounds) => `${method} ${rule}`

test('interval, spectral and combined do not fall as the radius grows, at each point', () =>
  forRandomNetworks(15, {types: generic}, async ({model, inputSize}, draw) => {
    const centers = randomPoints(draw, 6, inputSize)
    const several = Array.from({length: 5}, (_, k) => ({
      rule: `${k}`,
      radius: Float64Array.from(centers, () => 10 ** draw.between(-3, 1)),
    }))
    const request = {methods: ['interval', 'spectral', 'combined'] as const, radii: several}
    const {bounds} = await measureNetwork(readNetwork(model), centers, request)
    for (const method of request.methods) {
      const own = bounds.filter((bound) => bound.method === method)
      centers.forEach((_, p) => {
        const sorted = [...own].sort((a, b) => a.radius[p]! - b.radius[p]!)
        sorted.slice(1).forEach((larger, k) => {
          const smaller = sorted[k]!
          const label = `${method}, point ${p}, ${smaller.radius[p]} and ${larger.radius[p]}`
          assert.ok(smaller.log2Regions[p]! <= larger.log2Regions[p]! + 1e-9, label)
          smaller.unstable.forEach((layer, l) => {
            assert.ok(layer[p]! <= larger.unstable[l]![p]!, `${label}, layer ${l}`)
          })
        })
      })
    }
  }))

test('combined does not fall where each radius on its own would', async () => {
  const several = Array.from({length: 14}, (_, k) => 0.05 * 1.15 ** k)
  for (const seed of [10, 13, 19]) {
    const draw = draws(`fall ${seed}`)
    const own = readNetwork(mlpModel(randomMlp(draw, [4, 12, 12, 12, 12])))
    const centers = randomPoints(draw, 20, 4)
    const {bounds} = await measureNetwork(own, centers, {
      methods: ['combined'],
      countings: ['product', 'flats'],
      radii: several.map((r) => ({rule: `${r}`, radius: new Float64Array(20).fill(r)})),
    })
    const counting = 'product'
    const alone = await Promise.all(several.map((r) => sphereBound(own, centers, r, {counting})))
    const falls = (all: readonly {readonly log2Regions: Float64Array}[]) =>
      all.slice(1).filter(({log2Regions}, k) => {
        return log2Regions.some((bits, p) => bits < all[k]!.log2Regions[p]! - 1e-9)
      }).length
    for (const counting of ['product', 'flats']) {
      const counted = bounds.filter((bound) => bound.counting === counting)
      assert.is(falls(counted), 0, `seed ${seed}, ${counting}`)
    }
    assert.ok(falls(alone) > 0, `seed ${seed} shows nothing`)
  }
})

test('one radius a point: as each point at its own radius', async () => {
  const radius = Float64Array.from(points, (_, p) => 0.02 * (p + 1))
  for (const method of methods) {
    const together = await sphereBound(network, points, radius, {method})
    for (const p of [0, 5, 11]) {
      const alone = await sphereBound(network, [points[p]!], radius[p]!, {method})
      near([together.log2Regions[p]!], [...alone.log2Regions], {label: `${method}, point ${p}`})
    }
  }
})

test('little memory gives the same numbers', async () => {
  const many = randomPoints(random, 250, 6)
  const request = {
    norms: ['l2'],
    methods,
    radii: [0.1, 0.3].map((r) => ({
      rule: `${r}`,
      radius: Float64Array.from(many, (_, p) => r * (1 + p / 250)),
    })),
  } as const
  const wide = readNetwork(mlpModel(randomMlp(draws('wide'), [6, 40, 40])))
  const plenty = await measureNetwork(wide, many, request)
  const little = await measureNetwork(wide, many, {...request, memory: 2 ** 20})
  for (const p of many.keys()) same(at(little, p), at(plenty, p), `point ${p}`)
})

test('timings in milliseconds, by name', async () => {
  // On a busy machine reading may seem worth sparing, which is told by names of its own.
  assumeCosts({wait: 0, operation: 0, multiplyAdd: 0})
  const {timings} = await measureNetwork(network, points, everything)
  const names = [
    'network',
    'norms',
    'distance l2',
    'distance linf',
    ...methods.map((method) => `bound ${method}`),
  ]
  assert.equal(Object.keys(timings).sort(), names.sort())
  for (const [name, ms] of Object.entries(timings)) assert.ok(ms >= 0, `${name}: ${ms}`)
  assumeCosts(undefined)
})

test('the weights are read at each measurement', async () => {
  const own = mlpModel(randomMlp(draws('live'), [6, 5]))
  const live = readNetwork(own)
  const before = await distanceToBoundary(live, points)
  const [kernel, bias] = own.layers[0]!.getWeights()
  own.layers[0]!.setWeights([kernel!, bias!.add(3)])
  const after = await distanceToBoundary(live, points)
  assert.not.equal(after, before)
  assert.equal(after, await distanceToBoundary(readNetwork(own), points))
})

test('a network without kinks: one region, no boundary', async () => {
  const linear = tf.sequential({layers: [tf.layers.dense({units: 3, inputShape: [6]})]})
  const {distances, bounds} = await measureNetwork(readNetwork(linear), points, everything)
  assert.ok(distances[0]!.distance.every((d) => d === Infinity))
  for (const {log2Regions, unstable, active} of bounds) {
    assert.ok(log2Regions.every((bits) => bits === 0))
    assert.equal([unstable, active], [[], []])
  }
})

test('two measurements at once do not disturb each other', async () => {
  const alone = await measureNetwork(network, points, everything)
  const both = await keepsTensors(() =>
    Promise.all([
      measureNetwork(network, points, everything),
      measureNetwork(network, points.slice(0, 3), pick(everything, [0, 1, 2])),
    ]),
  )
  for (const p of points.keys()) same(at(both[0]!, p), at(alone, p), `point ${p}`)
  for (const p of [0, 1, 2]) same(at(both[1]!, p), at(alone, p), `point ${p}`)
})

for (const backend of ['cpu', 'wasm'] as const) {
  test(`no tensor is left behind on ${backend}, whatever happens`, async () => {
    await useBackend(backend)
    const own = model()
    const fresh = readNetwork(own)
    await keepsTensors(() => measureNetwork(fresh, points, everything))
    await keepsTensors(async () => {
      await rejects(
        measureNetwork(fresh, [[1, 2, 3, 4, 5, Number.NaN]], everything),
        'points: expected finite numbers, got NaN at point 0, feature 5',
      )
      await rejects(measureNetwork(fresh, [[1, 2]], everything), 'got shape [1, 2]')
      await rejects(measureNetwork(fresh, points, {memory: 1}), 'memory: expected at least')
    })
    const layer = own.layers[2]!
    const [kernel, bias] = layer.getWeights()
    layer.setWeights([kernel!, tf.fill(bias!.shape, Number.NaN)])
    await keepsTensors(async () => {
      const message = `layer "${layer.name}" (Dense): weights: expected finite numbers, got NaN`
      const error = await rejects(measureNetwork(fresh, points, everything), message)
      assert.instance(error, NonFiniteError)
      assert.is(error.name, 'NonFiniteError')
    })
    layer.setWeights([tf.fill(kernel!.shape, 3e38), bias!.zerosLike()])
    await keepsTensors(async () => {
      const message =
        /layer ".*" \(kinked layer 1\): expected finite pre-activations, got (NaN|-?Infinity) at point/
      const error = await rejects(measureNetwork(fresh, points, everything), message)
      assert.instance(error, NonFiniteError)
    })
    await useBackend('cpu')
  })
}

test.run()
