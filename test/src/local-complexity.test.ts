import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {randomStream} from '../../src/common/random.js'
import {localComplexity, measureNetwork, readNetwork} from '../../src/index.js'
import {countCrossed, orthonormalFrame} from '../../src/observed/cross-polytope.js'
import {withSession} from '../../src/session.js'
import {backends, useBackend} from '../support/backends.js'
import {capturePoints} from '../support/capture-points.js'
import {draws} from '../support/draw.js'
import {mlpModel, randomMlp} from '../support/mlp.js'
import {near} from '../support/near.js'
import {evaluate, formsOf, type Network64} from '../support/network64.js'
import {forRandomNetworks} from '../support/random-network.js'
import {rejects} from '../support/rejects.js'
import {randomPoints} from '../support/samples.js'
import {keepsTensors} from '../support/tensors.js'

const test = suite('localComplexity')
test.before(() => useBackend('cpu'))

test('as a slow version in float64 at the same vertices, on random networks of every type', async () => {
  let crossings = 0
  await forRandomNetworks(60, {}, async ({model, network64, inputSize}, random) => {
    const network = readNetwork(model)
    const centers = randomPoints(random, 3, inputSize)
    const radius = random.pick([0.05, 0.3, 1])
    const directions = random.whole(1, inputSize)
    const {localComplexity: total, crossed} = await localComplexity(network, centers, radius, {
      directions,
      seed: 5,
    })
    centers.forEach((center, c) => {
      const frame = orthonormalFrame(directions, inputSize, streamOf(5, c))
      const vertices = frame.flatMap((v) =>
        [1, -1].map((side) => center.map((x, i) => Math.fround(x + side * radius * v[i]!))),
      )
      const {least, most} = slowCounts(network64, vertices)
      crossed.forEach((layer, l) => {
        const units = layer[c]!
        const allowed = `${least[l]} to ${most[l]}`
        assert.ok(units >= least[l]! && units <= most[l]!, `layer ${l}: ${units}, not ${allowed}`)
      })
      const sum = crossed.reduce((all, layer) => all + layer[c]!, 0)
      assert.is(total[c], sum)
      crossings += sum
    })
  })
  assert.ok(crossings > 200, `${crossings}`)
})

test('the vertices are those of a cross-polytope, another one for each center', async () => {
  const [size, directions] = [6, 4]
  const network = readNetwork(mlpModel(randomMlp(draws('vertices'), [size, 5])))
  const centers = randomPoints(draws('vertices'), 3, size)
  const radius = Float64Array.of(0.5, 1, 2)
  const points = {values: Float32Array.from(centers.flat()), count: 3, size}
  await withSession(network, points, 2 ** 26, async ({tools, eachChunk}) => {
    await eachChunk('frames', async (forward) => {
      const {program, points: vertices} = capturePoints(tools.program)
      const settings = {directions, seed: 1}
      await countCrossed({...tools, program}, {forward, start: 0, radius, rank: 0}, settings)
      assert.is(vertices.length, 3 * 2 * directions)
      const frames = centers.map((center, c) =>
        vertices
          .slice(c * 2 * directions, (c + 1) * 2 * directions)
          .map((x) => Array.from(x, (v, i) => (v - center[i]!) / radius[c]!)),
      )
      for (const frame of frames) {
        frame.forEach((one, k) => {
          frame.forEach((other, m) => {
            const product = one.reduce((sum, v, i) => sum + v * other[i]!, 0)
            const expected = k >> 1 !== m >> 1 ? 0 : k === m ? 1 : -1
            near([product], [expected], {relative: 1e-5, scale: 1})
          })
        })
      }
      assert.not.equal(frames[0], frames[1])
    })
  })
})

test('a frame is orthonormal, as many directions as dimensions too', () => {
  for (const size of [1, 2, 30, 200]) {
    const frame = orthonormalFrame(size, size, randomStream('frame'))
    frame.forEach((one, k) => {
      const products = frame.map((other) => one.reduce((sum, v, i) => sum + v * other[i]!, 0))
      near(
        products,
        frame.map((_, m) => (k === m ? 1 : 0)),
        {relative: 1e-10, scale: 1},
      )
    })
  }
})

test('directions point everywhere alike', () => {
  const [size, count] = [4, 3000]
  const rng = randomStream('everywhere')
  const sums = new Float64Array(size)
  for (let k = 0; k < count; k++) {
    orthonormalFrame(2, size, rng)[1]!.forEach((v, i) => {
      sums[i]! += v * v
    })
  }
  near(
    sums.map((sum) => sum / count),
    new Array(size).fill(1 / size),
    {relative: 0.1},
  )
})

test('25 directions by default, or all of few dimensions', async () => {
  for (const size of [3, 40]) {
    const network = readNetwork(mlpModel(randomMlp(draws(size), [size, 30, 30])))
    const centers = randomPoints(draws(size), 4, size)
    const directions = Math.min(size, 25)
    assert.equal(
      await localComplexity(network, centers, 1),
      await localComplexity(network, centers, 1, {directions, seed: 1}),
    )
  }
})

test('the numbers belong to the seed and the place of the center', async () => {
  const network = readNetwork(mlpModel(randomMlp(draws('seeds'), [6, 40, 40])))
  const centers = randomPoints(draws('seeds'), 300, 6)
  const measure = (options: object, of = centers) => localComplexity(network, of, 0.3, options)
  const one = await measure({directions: 4})
  assert.equal(await measure({directions: 4, memory: 2 ** 20}), one)
  const few = await measure({directions: 4}, centers.slice(0, 5))
  assert.equal(few.localComplexity, one.localComplexity.slice(0, 5))
  assert.not.equal(await measure({directions: 4, seed: 2}), one)
})

test('one radius a center, several radii at once', async () => {
  const network = readNetwork(mlpModel(randomMlp(draws('radii'), [6, 20, 20])))
  const centers = randomPoints(draws('radii'), 3, 6)
  const radii = [0.3, 1].map((r) => ({
    rule: `${r}`,
    radius: Float64Array.of(r, 2 / r, 1),
  }))
  const settings = {localComplexity: {directions: 6, seed: 1}, radii}
  const measured = await measureNetwork(network, centers, settings)
  for (const [k, {radius, rule}] of radii.entries()) {
    const {crossed} = await localComplexity(network, centers, radius)
    assert.equal(measured.localComplexity[k], {rule, radius, crossed})
  }
})

for (const backend of backends) {
  test(`no tensor is left behind on ${backend}, and wrong options are named`, async () => {
    await useBackend(backend)
    const network = readNetwork(mlpModel(randomMlp(draws('leaks'), [3, 5, 5])))
    const centers = [[0.1, 0.2, 0.3]]
    await keepsTensors(() => localComplexity(network, centers, 0.5))
    await keepsTensors(async () => {
      const wanted = 'directions: expected a whole number from 1 to 3'
      for (const directions of [0, 4, 1.5]) {
        await rejects(localComplexity(network, centers, 0.5, {directions}), wanted)
      }
      await rejects(localComplexity(network, centers, 0.5, {seed: Number.NaN}), 'seed: expected')
      await rejects(localComplexity(network, centers, [1, 2]), 'radius: expected a number or 1')
      await rejects(localComplexity(network, centers, 1, {memory: 3}), 'memory: expected at least')
    })
    await useBackend('cpu')
  })
}

test('a network without kinks', async () => {
  const linear = tf.sequential({layers: [tf.layers.dense({units: 3, inputShape: [2]})]})
  const found = await localComplexity(readNetwork(linear), [[1, 2]], 1)
  assert.equal(found, {localComplexity: Int32Array.of(0), crossed: []})
})

test.run()

function streamOf(seed: number, center: number) {
  return randomStream(`${seed}/local complexity/${center}`)
}

/**
 * Per kinked layer the units whose piece differs between the vertices: at least those that differ beyond rounding, at
 * most those that differ or come close to a kink.
 */
function slowCounts(network: Network64, vertices: number[][]) {
  const passed = vertices.map((x) => evaluate(network, x).layers)
  const count = (differs: (layer: number, unit: number) => boolean) =>
    passed[0]!.map(({won}, l) => won.filter((_, unit) => differs(l, unit)).length)
  // How far each unit is from its nearest kink at the vertex where it is nearest.
  const margins = new Map<string, number>()
  for (const layers of passed) {
    for (const {layer, unit, row} of formsOf(layers)) {
      const [key, gap] = [`${layer}/${unit}`, Math.abs(row[0]!)]
      margins.set(key, Math.min(margins.get(key) ?? Infinity, gap))
    }
  }
  const close = (l: number, unit: number) => margins.get(`${l}/${unit}`)! < 1e-5
  const differs = (l: number, unit: number) =>
    passed.some((layers) => layers[l]!.won[unit] !== passed[0]![l]!.won[unit])
  return {
    least: count((l, unit) => differs(l, unit) && !close(l, unit)),
    most: count((l, unit) => differs(l, unit) || close(l, unit)),
  }
}
