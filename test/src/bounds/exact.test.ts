import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {
  distanceToBoundary,
  log2Regions,
  type Method,
  methods,
  type Network,
  preactivationBounds,
  readNetwork,
  sphereBound,
} from '../../../src/index.js'
import {useBackend} from '../../support/backends.js'
import {countRegions2d} from '../../support/exact-regions.js'
import {chain, dense64, leaky64} from '../../support/network64.js'
import {forRandomNetworks} from '../../support/random-network.js'
import {type Reference, references} from '../../support/reference.js'
import {randomPoints} from '../../support/samples.js'

const test = suite('bounds against what is exact')
const centersEach = 3

test.before(() => useBackend('cpu'))

test('the clipping of polygons counts what two exact programs counted', () => {
  const flat = references.filter(({inputDim}) => inputDim === 2)
  assert.ok(flat.length >= 3)
  for (const {name, centers, expected, ...reference} of flat) {
    expected.forEach(({balls}, c) => {
      for (const {radius, exactRegions} of balls) {
        if (exactRegions === null || exactRegions === undefined) continue
        const counted = countRegions2d(asNetwork64(reference), centers[c]!, radius)
        assert.is(counted, exactRegions, `${name}, center ${c}, radius ${radius}`)
      }
    })
  }
})

function asNetwork64({layers, leakySlope}: Pick<Reference, 'layers' | 'leakySlope'>) {
  return chain(
    layers.flatMap((layer) => {
      if (layer.kind !== 'dense') throw new Error(`a ${layer.kind} layer of two inputs`)
      return [dense64(layer.kernel.flat(), layer.bias), leaky64(leakySlope)]
    }),
  )
}

test('two inputs: the exact count is at most every bound, and 1 exactly if the radius is at most the distance', () =>
  forRandomNetworks(25, {inputShapes: [[2]]}, async ({model, network64}, random) => {
    const network = readNetwork(model)
    const centers = randomPoints(random, centersEach, 2)
    const {distance} = await distanceToBoundary(network, centers)
    for (const factor of [0.5, 1 - 1e-4, 1 + 1e-4, 3, 30]) {
      const radius = distance.map((d) => (Number.isFinite(d) ? d * factor : factor))
      const exact = centers.map((center, c) => countRegions2d(network64, center, radius[c]!))
      exact.forEach((regions, c) => {
        const inside = radius[c]! <= distance[c]!
        assert.is(regions === 1, inside, `${regions} regions at ${factor} of ${distance[c]}`)
      })
      for (const method of methods) {
        const {log2Regions: bits} = await sphereBound(network, centers, radius, {method})
        exact.forEach((regions, c) => {
          const label = `${method}: ${bits[c]} bits for ${regions} regions at ${factor}`
          assert.ok(Math.log2(regions) <= bits[c]! + 1e-9, label)
        })
      }
    }
  }))

test('a layer with a way around it takes no dimension away', async () => {
  const {layers} = tf
  const input = tf.input({shape: [2]})
  const off = layers.dense({
    units: 2,
    activation: 'relu',
    weights: [tf.eye(2), tf.tensor1d([-100, -100])],
  })
  const lines = layers.dense({units: 3, activation: 'relu'})
  const joined = layers.concatenate().apply([off.apply(input) as tf.SymbolicTensor, input])
  const model = tf.model({inputs: input, outputs: lines.apply(joined) as tf.SymbolicTensor})
  // Three lines in general position through the ball, which read x alone: 7 regions, not 1.
  const kernel = [
    [0, 0, 0],
    [0, 0, 0],
    [1, 0, 1],
    [0, 1, 1],
  ]
  lines.setWeights([tf.tensor2d(kernel), tf.tensor1d([0, 0, -0.1])])
  const chained = chain([dense64(kernel.slice(2).flat(), [0, 0, -0.1]), leaky64(0)])
  assert.is(countRegions2d(chained, [0, 0], 1), 7)
  for (const method of methods) {
    const {log2Regions: bits} = await sphereBound(readNetwork(model), [[0, 0]], 1, {method})
    assert.ok(Math.abs(bits[0]! - Math.log2(7)) < 1e-9, `${method}: ${bits[0]} bits`)
  }
})

test('a bound of one region means that no boundary is nearer', () =>
  forRandomNetworks(25, {}, async ({model, inputSize}, random) => {
    const network = readNetwork(model)
    const centers = randomPoints(random, 8, inputSize)
    const {distance} = await distanceToBoundary(network, centers)
    for (const radius of [1e-6, 1e-3, 0.03, 0.2]) {
      for (const method of methods) {
        const {log2Regions: bits} = await sphereBound(network, centers, radius, {method})
        bits.forEach((own, c) => {
          if (own > 0) return
          assert.ok(radius <= distance[c]!, `${method}: no bits at ${radius}, but ${distance[c]}`)
        })
      }
    }
  }))

test('CROWN lies within interval arithmetic', () =>
  forRandomNetworks(25, {}, async ({model, inputSize}, random) => {
    const network = readNetwork(model)
    const centers = randomPoints(random, centersEach, inputSize)
    const radius = random.pick([0.01, 0.3, 2])
    const bounds = (method: Method) => preactivationBounds(network, centers, radius, {method})
    const counts = (method: Method) => sphereBound(network, centers, radius, {method})
    const [crown, interval] = [await bounds('crown'), await bounds('interval')]
    crown.lower.forEach((layer, l) => {
      layer.forEach((low, at) => {
        assert.ok(low >= interval.lower[l]![at]!, `layer ${l} [${at}]: lower ${low}`)
        const high = crown.upper[l]![at]!
        assert.ok(high <= interval.upper[l]![at]!, `layer ${l} [${at}]: upper ${high}`)
      })
    })
    const [tight, loose] = [await counts('crown'), await counts('interval')]
    tight.unstable.forEach((layer, l) => {
      layer.forEach((own, c) => {
        assert.ok(own <= loose.unstable[l]![c]!, `layer ${l}, center ${c}: ${own} unstable`)
      })
    })
  }))

test('ReLU networks: no ball holds more than the whole space', () =>
  forRandomNetworks(20, {types: relus}, async ({model, inputSize}, random) => {
    const network = readNetwork(model)
    const centers = randomPoints(random, centersEach, inputSize)
    const everywhere = wholeSpace(network, inputSize)
    for (const radius of [0.1, 1, 100]) {
      for (const method of methods) {
        const {log2Regions: bits} = await sphereBound(network, centers, radius, {method})
        for (const own of bits) {
          assert.ok(own <= everywhere + 1e-9, `${method}, ${radius}: ${own} of ${everywhere}`)
        }
      }
    }
  }))

/** Types of layers that make a chain of ReLUs. */
const relus = ['denseRelu', 'dense', 'dense reLU', 'batchNormalization activation', 'dropout']

/** Bits of the bound with every unit unstable. */
function wholeSpace(network: Network, inputSize: number): number {
  const layers = network.layers.map(({units}) => ({
    unstable: units,
    active: 0,
    silent: true,
    bottleneck: true,
  }))
  return log2Regions(layers, inputSize)
}

test.run()
