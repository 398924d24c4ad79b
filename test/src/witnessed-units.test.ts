import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {boundLayers} from '../../src/bounds/bound-layers.js'
import {native64} from '../../src/forward/native64.js'
import {
  measureNetwork,
  methods,
  NonFiniteError,
  readNetwork,
  sphereBound,
  witnessedUnits,
} from '../../src/index.js'
import {openForms} from '../../src/observed/open-forms.js'
import {witness} from '../../src/observed/witness.js'
import type {Program} from '../../src/program/program.js'
import {withSession} from '../../src/session.js'

import {backends, useBackend} from '../support/backends.js'
import {capturePoints} from '../support/capture-points.js'
import {draws} from '../support/draw.js'
import {regions2d} from '../support/exact-regions.js'
import {zoo} from '../support/layer-zoo.js'
import {mlpModel, randomMlp} from '../support/mlp.js'
import type {Network64} from '../support/network64.js'
import {forRandomNetworks} from '../support/random-network.js'
import {referenceModel, references} from '../support/reference.js'
import {rejects} from '../support/rejects.js'
import {roundingNetwork} from '../support/rounding-network.js'
import {run64} from '../support/run64.js'
import {randomPoints} from '../support/samples.js'
import {keepsTensors} from '../support/tensors.js'

const test = suite('witnessedUnits')
test.before(() => useBackend('cpu'))

test('on random networks of every type: at most the unstable units of every method', () =>
  forRandomNetworks(40, {}, async ({model, inputSize}, random) => {
    const network = readNetwork(model)
    const centers = randomPoints(random, 3, inputSize)
    const radius = random.pick([0.02, 0.1, 0.5, 2])
    const {witnessed} = await witnessedUnits(network, centers, radius)
    assert.is(witnessed.length, network.layers.length)
    for (const method of methods) {
      const {unstable} = await sphereBound(network, centers, radius, {method})
      witnessed.forEach((layer, l) => {
        layer.forEach((units, c) => {
          const most = unstable[l]![c]!
          assert.ok(units <= most, `${method}, layer ${l}: ${units} of ${most} at ${radius}`)
        })
      })
    }
  }))

test('two inputs: never more than the units that cut the disc, and mostly all of them', async () => {
  let [found, cutting, same, cases] = [0, 0, 0, 0]
  await forRandomNetworks(60, {inputShapes: [[2]]}, async ({model, network64}, random) => {
    const network = readNetwork(model)
    const centers = randomPoints(random, 3, 2)
    const radius = random.pick([0.1, 0.3, 1])
    const {witnessed} = await witnessedUnits(network, centers, radius)
    const {unstable} = await sphereBound(network, centers, radius)
    centers.forEach((center, c) => {
      cutUnits(network64, center, radius).forEach((truth, l) => {
        const units = witnessed[l]![c]!
        assert.ok(units <= truth, `layer ${l}, center ${c}: ${units} of ${truth} at ${radius}`)
        // A ReLU of what is never below 0 reaches its kink and does not pass it.
        const passed = Math.min(truth, unstable[l]![c]!)
        found += units
        cutting += passed
        same += units === passed ? 1 : 0
        cases++
      })
    })
  })
  assert.ok(cutting > 200, `${cutting} units`)
  assert.ok(found > 0.95 * cutting, `${found} of ${cutting} units`)
  assert.ok(same > 0.95 * cases, `${same} of ${cases} cases`)
})

test('on the reference networks: close to what the bounds leave, all of it in the first layer', async () => {
  for (const reference of references) {
    const network = readNetwork(referenceModel(reference))
    for (const {radius} of reference.expected[0]!.balls) {
      const {witnessed} = await witnessedUnits(network, reference.centers, radius)
      reference.expected.forEach(({balls}, c) => {
        const {unstable} = balls.find((ball) => ball.radius === radius)!.methods.crown!
        unstable.forEach((most, l) => {
          assert.ok(witnessed[l]![c]! <= most, `${reference.name}, layer ${l}, center ${c}`)
        })
        assert.is(witnessed[0]![c]!, unstable[0]!, `${reference.name} at ${radius}`)
      })
    }
  }
})

for (const specimen of zoo) {
  test(`${specimen.name}: every point lies in the ball, and what is seen there is so in float64`, async () => {
    const network = readNetwork(specimen.build(3))
    const size = specimen.inputShape.reduce((a, b) => a * b, 1)
    const random = draws(specimen.name)
    const center = Float32Array.from(random.normals(size))
    const radius = 0.5
    const points = {values: center, count: 1, size}
    await withSession(network, points, 2 ** 26, async ({tools, eachChunk}) => {
      await eachChunk('search', async (forward) => {
        const radii = Float64Array.of(radius)
        const bounds = await boundLayers(tools, forward, radii, 'combined', undefined, false)
        const captured = capturePoints(tools.program)
        const own = {...tools, program: captured.program}
        const found = await witness(own, forward, radii, openForms(forward, bounds), {steps: 2})
        for (const x of captured.points) assert.ok(distance(x, center) < radius, 'outside')
        const truth = changing(own.program, [center, ...captured.points])
        found.forEach(([units], l) => {
          assert.ok(units! <= truth[l]!, `layer ${l}: ${units} of ${truth[l]}`)
        })
      })
    })
  })
}

test('more steps find no fewer units, and a deeper layer more', async () => {
  const network = readNetwork(mlpModel(randomMlp(draws('steps'), [20, 30, 30, 30])))
  const centers = randomPoints(draws('steps'), 12, 20)
  const total = async (steps: number) => {
    const {witnessed} = await witnessedUnits(network, centers, 1.5, {steps})
    return witnessed.flatMap((layer) => [...layer]).reduce((a, b) => a + b, 0)
  }
  const [one, two, many] = [await total(1), await total(2), await total(6)]
  assert.ok(one < two && two <= many, `${one}, ${two}, ${many}`)
})

test('what only rounding changes is not seen', async () => {
  const radius = 3e-6
  const {mlp, center} = roundingNetwork(draws('rounding'), radius)
  const network = readNetwork(mlpModel(mlp))
  const {unstable} = await sphereBound(network, [center], radius)
  // In float64 none is in doubt.
  const inDoubt = native64() ? 0 : 100
  assert.ok(unstable[0]![0]! >= inDoubt, `${unstable[0]![0]} units are in doubt`)
  const {witnessed} = await witnessedUnits(network, [center], radius)
  assert.is(witnessed[0]![0], 0)
})

test('a center on a kink: the unit is seen on both sides', async () => {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({
        units: 2,
        inputShape: [2],
        activation: 'relu',
        weights: [
          tf.tensor2d([
            [1, 1],
            [0, 1],
          ]),
          tf.tensor1d([0, -5]),
        ],
      }),
    ],
  })
  const {witnessed} = await witnessedUnits(readNetwork(model), [[0, 1]], 0.1)
  assert.equal([...witnessed[0]!], [1])
})

test('a ball smaller than float32 can step in: nothing is seen', async () => {
  const network = readNetwork(mlpModel(randomMlp(draws('tiny'), [4, 8])))
  const {witnessed} = await witnessedUnits(network, [[1, 2, 3, 4]], 1e-9)
  assert.equal([...witnessed[0]!], [0])
})

test('asked for with the bounds, alone, in any order and with little memory: the same numbers', async () => {
  // More centers than fit into one chunk of the least memory.
  const network = readNetwork(mlpModel(randomMlp(draws('shared'), [6, 60, 60])))
  const centers = randomPoints(draws('shared'), 80, 6)
  const radii = [0.01, 0.05, 0.03].map((r) => ({
    rule: `${r}`,
    radius: Float64Array.from(centers, (_, p) => r * (1 + ((p * 7) % 5))),
  }))
  const settings = {witnessed: {steps: 2}, radii}
  const shared = await measureNetwork(network, centers, {...settings, methods: ['combined']})
  const alone = await measureNetwork(network, centers, settings)
  const little = await measureNetwork(network, centers, {...settings, memory: 2 ** 20})
  assert.equal(alone.witnessed, shared.witnessed)
  assert.equal(little.witnessed, shared.witnessed)
  for (const [k, {radius}] of radii.entries()) {
    const own = await witnessedUnits(network, centers, radius)
    own.witnessed.forEach((layer, l) => {
      layer.forEach((units, p) => {
        const most = shared.bounds[k]!.unstable[l]![p]!
        assert.ok(units <= most, `rule ${k}, layer ${l}, point ${p}`)
      })
    })
    assert.is(shared.witnessed[k]!.rule, radii[k]!.rule)
  }
})

test('one radius a center', async () => {
  const network = readNetwork(mlpModel(randomMlp(draws('radii'), [4, 9, 9])))
  const centers = randomPoints(draws('radii'), 5, 4)
  const together = await witnessedUnits(network, centers, [0.1, 0.2, 0.4, 0.8, 1.6])
  for (const [c, center] of centers.entries()) {
    const alone = await witnessedUnits(network, [center], 0.1 * 2 ** c)
    assert.equal(
      together.witnessed.map((layer) => layer[c]),
      alone.witnessed.map((layer) => layer[0]),
    )
  }
})

test('a network without kinks', async () => {
  const linear = tf.sequential({layers: [tf.layers.dense({units: 3, inputShape: [6]})]})
  assert.equal(await witnessedUnits(readNetwork(linear), [[1, 2, 3, 4, 5, 6]], 1), {witnessed: []})
})

for (const backend of backends) {
  test(`no tensor is left behind on ${backend}, and wrong options are named`, async () => {
    await useBackend(backend)
    const network = readNetwork(mlpModel(randomMlp(draws('leaks'), [3, 5, 5])))
    const centers = [[0.1, 0.2, 0.3]]
    await keepsTensors(() => witnessedUnits(network, centers, 0.5))
    await keepsTensors(async () => {
      for (const steps of [0, 1.5, '2']) {
        await rejects(
          witnessedUnits(network, centers, 0.5, {steps: steps as number}),
          'steps: expected a whole number of at least 1, got',
        )
      }
      await rejects(witnessedUnits(network, centers, 0), 'radius: expected a finite number above 0')
      await rejects(witnessedUnits(network, [[1, 2]], 1), 'centers: expected at least one point')
      await rejects(witnessedUnits(network, centers, 1, {memory: 3}), 'memory: expected at least')
      const error = await rejects(witnessedUnits(network, [[1, 2, Number.NaN]], 1), 'got NaN')
      assert.instance(error, NonFiniteError)
    })
    await useBackend('cpu')
  })
}

test.run()

/** Per kinked layer: units that are on more than one piece on the regions that meet the disc. */
function cutUnits(network: Network64, center: number[], radius: number): number[] {
  const regions = regions2d(network, center, radius)
  return regions[0]!.map(
    (layer, l) =>
      layer.filter((_, unit) => regions.some((won) => won[l]![unit] !== regions[0]![l]![unit]))
        .length,
  )
}

/** The same at given points, in float64. */
function changing(program: Program, points: readonly Float32Array[]): number[] {
  const values = points.map((x) => run64(program, Float64Array.from(x)))
  return program.kinks.map(({input, kink, units}) => {
    const pieces = values.map((own) => {
      const z = Float32Array.from(own[input]!)
      return kink.at(z, new Float32Array(z.length)).pieces(false)
    })
    let count = 0
    for (let unit = 0; unit < units; unit++) {
      if (pieces.some((own) => own[unit] !== pieces[0]![unit])) count++
    }
    return count
  })
}

function distance(one: Float32Array, other: Float32Array): number {
  return Math.hypot(...Array.from(one, (v, i) => v - other[i]!))
}
