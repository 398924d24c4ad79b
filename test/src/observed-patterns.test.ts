import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {boundLayers} from '../../src/bounds/bound-layers.js'
import {
  distanceToBoundary,
  measureNetwork,
  methods,
  observedPatterns,
  readNetwork,
  sphereBound,
} from '../../src/index.js'
import {openForms} from '../../src/observed/open-forms.js'
import {patternSet} from '../../src/observed/pattern-set.js'
import {countPatterns} from '../../src/observed/patterns.js'
import {withSession} from '../../src/session.js'
import {backends, useBackend} from '../support/backends.js'
import {capturePoints} from '../support/capture-points.js'
import {draws} from '../support/draw.js'
import {countRegions2d} from '../support/exact-regions.js'
import {mlpModel, randomMlp} from '../support/mlp.js'
import {forRandomNetworks} from '../support/random-network.js'
import {referenceModel, references} from '../support/reference.js'
import {rejects} from '../support/rejects.js'
import {roundingNetwork} from '../support/rounding-network.js'
import {randomPoints} from '../support/samples.js'
import {keepsTensors} from '../support/tensors.js'

const test = suite('observedPatterns')
test.before(() => useBackend('cpu'))
const samples = 64

test('on random networks of every type: at most every bound, and 1 within the distance', () =>
  forRandomNetworks(50, {}, async ({model, inputSize}, random) => {
    const network = readNetwork(model)
    const centers = randomPoints(random, 3, inputSize)
    const radius = random.pick([0.02, 0.1, 0.5, 2])
    const {patterns} = await observedPatterns(network, centers, radius, {samples})
    const {distance} = await distanceToBoundary(network, centers)
    for (const method of methods) {
      const {log2Regions} = await sphereBound(network, centers, radius, {method})
      patterns.forEach((seen, c) => {
        const bits = log2Regions[c]!
        assert.ok(Math.log2(seen) <= bits + 1e-9, `${method}: ${seen} seen, ${bits} bits`)
        assert.ok(seen >= 1 && seen <= samples, `${seen} of ${samples}`)
        if (radius <= distance[c]!) assert.is(seen, 1, `within ${distance[c]}`)
      })
    }
  }))

test('two inputs: at most the exact regions, and often all of them where they are few', async () => {
  let [few, all] = [0, 0]
  await forRandomNetworks(60, {inputShapes: [[2]]}, async ({model, network64}, random) => {
    const centers = randomPoints(random, 3, 2)
    const radius = random.pick([0.1, 0.3, 1])
    const {patterns} = await observedPatterns(readNetwork(model), centers, radius)
    centers.forEach((center, c) => {
      const exact = countRegions2d(network64, center, radius)
      assert.ok(patterns[c]! <= exact, `center ${c}: ${patterns[c]} of ${exact} at ${radius}`)
      if (exact === 1 || exact > 6) return
      few++
      all += patterns[c] === exact ? 1 : 0
    })
  })
  assert.ok(few > 20, `${few} cases`)
  assert.ok(all > 0.6 * few, `${all} of ${few} cases`)
})

test('on the reference networks: at most the exact regions', async () => {
  for (const reference of references) {
    const network = readNetwork(referenceModel(reference))
    for (const {radius} of reference.expected[0]!.balls) {
      const {patterns} = await observedPatterns(network, reference.centers, radius)
      reference.expected.forEach(({balls}, c) => {
        const {exactRegions} = balls.find((ball) => ball.radius === radius)!
        if (!exactRegions) return
        assert.ok(patterns[c]! <= exactRegions, `${patterns[c]} of ${exactRegions}`)
        assert.is(patterns[c]! > 1, exactRegions > 1, `${reference.name}, center ${c}`)
      })
    }
  }
})

test('in many dimensions more is seen than uniform points show', async () => {
  // The planes x_i = 0.1 for i below 5: uniform points of the ball hardly ever reach one.
  const size = 300
  const kernel = Array.from({length: size}, (_, i) =>
    Array.from({length: 5}, (_, j) => (i === j ? 1 : 0)),
  )
  const model = mlpModel({layers: [{kernel, bias: new Array(5).fill(-0.1)}], slope: 0})
  const {patterns} = await observedPatterns(readNetwork(model), [new Array(size).fill(0)], 0.4)
  assert.ok(patterns[0]! > 10 && patterns[0]! <= 2 ** 5, `${patterns[0]} patterns`)
})

test('the center comes first, and every other sample lies in the ball', async () => {
  const network = readNetwork(mlpModel(randomMlp(draws('inside'), [5, 9, 9])))
  const center = Float32Array.of(1, -0.5, 3, 0.1, 2)
  const radius = Float64Array.of(0.4)
  const points = {values: center, count: 1, size: 5}
  await withSession(network, points, 2 ** 26, async ({tools, eachChunk}) => {
    await eachChunk('samples', async (forward) => {
      const bounds = await boundLayers(tools, forward, radius, 'combined', undefined, false)
      const {program, points: seen} = capturePoints(tools.program)
      const balls = {forward, start: 0, radius, rank: 0}
      const settings = {samples, seed: 1}
      await countPatterns({...tools, program}, balls, openForms(forward, bounds), settings)
      assert.is(seen.length, samples)
      assert.equal(seen[0], center)
      for (const x of seen) assert.ok(Math.hypot(...x.map((v, i) => v - center[i]!)) < 0.4)
      assert.is(new Set(seen.map((x) => x.join())).size, samples)
    })
  })
})

test('what only rounding changes is no pattern', async () => {
  const radius = 3e-6
  const {mlp, center} = roundingNetwork(draws('rounding'), radius)
  const {patterns} = await observedPatterns(readNetwork(mlpModel(mlp)), [center], radius)
  assert.equal([...patterns], [1])
})

test('the numbers belong to the seed and the place of the center', async () => {
  const network = readNetwork(mlpModel(randomMlp(draws('seeds'), [6, 40, 40])))
  // More than fit into one chunk of the least memory.
  const centers = randomPoints(draws('seeds'), 110, 6)
  const few = centers.slice(0, 5)
  const seen = async (of: number[][], options: {seed?: number; memory?: number} = {}) =>
    (await observedPatterns(network, of, 0.2, {samples: 8, ...options})).patterns
  const all = await seen(centers)
  assert.equal(await seen(centers, {memory: 2 ** 20}), all)
  assert.equal(await seen(few), all.slice(0, 5))
  assert.equal(await seen(few, {seed: 1}), all.slice(0, 5))
  assert.not.equal(await seen(few, {seed: 2}), all.slice(0, 5))
})

test('asked for with the bounds or alone: the same numbers, whatever the order of the radii', async () => {
  const network = readNetwork(mlpModel(randomMlp(draws('shared'), [6, 12, 12])))
  const centers = randomPoints(draws('shared'), 10, 6)
  const radii = [0.1, 0.5, 0.3].map((r) => ({
    rule: `${r}`,
    radius: Float64Array.from(centers, (_, p) => r * (1 + ((p * 7) % 5))),
  }))
  const settings = {patterns: {samples, seed: 1}, radii}
  const shared = await measureNetwork(network, centers, {...settings, methods: ['combined']})
  const alone = await measureNetwork(network, centers, settings)
  assert.equal(alone.patterns, shared.patterns)
  const turned = await measureNetwork(network, centers, {...settings, radii: radii.toReversed()})
  assert.equal(turned.patterns.toReversed(), shared.patterns)
})

test('one sample is the center', async () => {
  const network = readNetwork(mlpModel(randomMlp(draws('one'), [3, 9])))
  const {patterns} = await observedPatterns(network, [[0, 0, 0]], 5, {samples: 1})
  assert.equal([...patterns], [1])
})

test('Math.random is left alone', async () => {
  const network = readNetwork(mlpModel(randomMlp(draws('one'), [3, 9])))
  const {random} = Math
  Math.random = () => assert.unreachable('Math.random was drawn from') as never
  try {
    await observedPatterns(network, [[0, 0, 0]], 5, {samples})
  } finally {
    Math.random = random
  }
})

test('patterns with doubts: no more than differ pair by pair beyond them', () => {
  const found = patternSet()
  const count = (pattern: number[]) => {
    found.add(Int32Array.from(pattern))
    return found.count
  }
  assert.is(count([0, 1, -1]), 1)
  assert.is(count([0, 1, 1]), 1)
  assert.is(count([-1, -1, 0]), 1)
  assert.is(count([0, 2, -1]), 2)
  assert.is(count([1, -1, -1]), 3)
  assert.is(count([-1, 2, 5]), 3)
})

for (const backend of backends) {
  test(`no tensor is left behind on ${backend}, and wrong options are named`, async () => {
    await useBackend(backend)
    const network = readNetwork(mlpModel(randomMlp(draws('leaks'), [3, 5, 5])))
    const centers = [[0.1, 0.2, 0.3]]
    await keepsTensors(() => observedPatterns(network, centers, 0.5))
    await keepsTensors(async () => {
      const bad = [
        [{samples: 0}, 'samples: expected a whole number of at least 1, got 0'],
        [{samples: 1.5}, 'samples: expected a whole number of at least 1, got 1.5'],
        [{seed: 0.5}, 'seed: expected a whole number, got 0.5'],
        [{seed: '1'}, 'seed: expected a whole number, got "1"'],
        [{memory: 3}, 'memory: expected at least'],
      ] as [object, string][]
      for (const [options, message] of bad) {
        await rejects(observedPatterns(network, centers, 0.5, options), message)
      }
      await rejects(observedPatterns(network, centers, -1), 'radius: expected a finite number')
      await rejects(observedPatterns(network, [[1, 2]], 1), 'centers: expected at least one point')
    })
    await useBackend('cpu')
  })
}

test('a network without kinks has one', async () => {
  const linear = tf.sequential({layers: [tf.layers.dense({units: 3, inputShape: [2]})]})
  const {patterns} = await observedPatterns(readNetwork(linear), [[1, 2]], 1)
  assert.equal([...patterns], [1])
})

test.run()
