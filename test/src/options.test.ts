import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {
  countRegions,
  countRegionsAlong,
  distanceToBoundary,
  localComplexity,
  measureNetwork,
  type Network,
  nearestNeighbourRadii,
  observedPatterns,
  preactivationBounds,
  readNetwork,
  regionPolygons,
  restrictToPlane,
  sphereBound,
  witnessedUnits,
} from '../../src/index.js'
import {checkMemory, oneOf} from '../../src/options.js'
import {useBackend} from '../support/backends.js'
import {rejects} from '../support/rejects.js'
import {keepsTensors} from '../support/tensors.js'

const test = suite('options')
let network: Network

test.before(async () => {
  await useBackend('cpu')
  const hidden = tf.layers.dense({units: 3, activation: 'relu', inputShape: [2]})
  network = readNetwork(tf.sequential({layers: [hidden, tf.layers.dense({units: 1})]}))
})

const centers = [[0.5, -1]]

test('oneOf names the option, the choices and the value', () => {
  assert.is(oneOf('norm', 'b', ['a', 'b']), 'b')
  for (const [value, shown] of [
    ['c', '"c"'],
    [undefined, 'undefined'],
    [null, 'null'],
    [3, '3'],
  ]) {
    const expected = `norm: expected one of 'a', 'b', got ${shown}`
    assert.throws(() => oneOf('norm', value, ['a', 'b']), expected)
  }
})

test('memory: at least 1 MB, 512 MB by default', () => {
  assert.is(checkMemory(undefined), 2 ** 29)
  assert.is(checkMemory(2 ** 20), 2 ** 20)
  for (const bad of [0, 1000, Number.NaN, -1]) {
    assert.throws(
      () => checkMemory(bad),
      `memory: expected at least 1048576 bytes (1 MB), got ${bad}`,
    )
  }
})

test('a wrong norm, method, radius, memory or shape is refused by every function that takes it', () =>
  keepsTensors(async () => {
    const method = {method: 'magic'} as never
    const choices =
      "method: expected one of 'spectral', 'interval', 'crown', 'combined', got \"magic\""
    await rejects(sphereBound(network, centers, 1, method), choices)
    await rejects(preactivationBounds(network, centers, 1, method), choices)
    const norm = {norm: 'l7'} as never
    await rejects(
      distanceToBoundary(network, centers, norm),
      `norm: expected one of 'l2', 'linf', got "l7"`,
    )
    for (const run of [sphereBound, preactivationBounds]) {
      await rejects(run(network, centers, -1), 'radius: expected a finite number above 0, got -1')
      await rejects(run(network, centers, [1, 2]), 'radius: expected a number or 1 of them, got 2')
      await rejects(run(network, centers, 1, {memory: 5}), 'memory: expected at least')
      await rejects(run(network, [[1]], 1), 'centers: expected at least one point of shape')
      await rejects(run(network, [[1, Number.NaN]], 1), 'centers: expected finite numbers, got NaN')
    }
    await rejects(distanceToBoundary(network, centers, {memory: 5}), 'memory: expected at least')
    await rejects(
      distanceToBoundary(network, [[1]]),
      'points: expected at least one point of shape',
    )
  }))

test("the norm may be written 'l2' or 2", async () => {
  assert.equal(
    await distanceToBoundary(network, centers, {norm: 2}),
    await distanceToBoundary(network, centers, {norm: 'l2'}),
  )
})

test('a misspelt option is refused by every function, with those that there are', async () => {
  const wrong = {nrm: 1} as object
  const expected = (known: string) => `nrm: is no option; expected ${known}`
  const [one] = centers as [number[]]
  const corners = {x: [-1, 1], y: [-1, 1]} as const
  await rejects(distanceToBoundary(network, centers, wrong), expected('norm, memory'))
  await rejects(preactivationBounds(network, centers, 1, wrong), expected('method, memory'))
  await rejects(
    sphereBound(network, centers, 1, wrong),
    expected('method, counting, refine, memory'),
  )
  await rejects(witnessedUnits(network, centers, 1, wrong), expected('steps, memory'))
  await rejects(observedPatterns(network, centers, 1, wrong), expected('samples, seed, memory'))
  await rejects(localComplexity(network, centers, 1, wrong), expected('directions, seed, memory'))
  await rejects(nearestNeighbourRadii([[0], [1]], 1, wrong), expected('memory'))
  await rejects(countRegions(network, one, 1, wrong), expected('limit, method'))
  await rejects(regionPolygons(network, corners, wrong), expected('limit'))
  await rejects(
    measureNetwork(network, centers, wrong),
    expected(
      'norms, methods, radii, countings, memory, stop, witnessed, patterns, localComplexity',
    ),
  )
})

test('a model in place of the network is refused, with what to do', async () => {
  const model = tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [2]})]})
  const given = model as unknown as Network
  const [one] = centers as [number[]]
  const expected = 'network: expected what readNetwork(model) returns, got a model (Sequential)'
  await rejects(distanceToBoundary(given, centers), expected)
  await rejects(sphereBound(given, centers, 1), expected)
  await rejects(preactivationBounds(given, centers, 1), expected)
  await rejects(witnessedUnits(given, centers, 1), expected)
  await rejects(observedPatterns(given, centers, 1), expected)
  await rejects(localComplexity(given, centers, 1), expected)
  await rejects(countRegions(given, one, 1), expected)
  await rejects(countRegionsAlong(given, one, one), expected)
  await rejects(regionPolygons(given, {x: [-1, 1], y: [-1, 1]}), expected)
  await rejects(restrictToPlane(given, one, one, one), expected)
  await rejects(
    distanceToBoundary(undefined as unknown as Network, centers),
    'network: expected what readNetwork(model) returns, got undefined',
  )
})

test.run()
