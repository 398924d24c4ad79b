import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {NonFiniteError, readNetwork} from '../../../src/index.js'
import {readProgram} from '../../../src/program/program.js'
import {useBackend} from '../../support/backends.js'
import {near} from '../../support/near.js'
import {evaluate} from '../../support/network64.js'
import {forRandomNetworks} from '../../support/random-network.js'
import {rejects} from '../../support/rejects.js'
import {preActivationsOf, withProgram} from '../../support/run-forward.js'
import {randomPoints} from '../../support/samples.js'
import {keepsTensors} from '../../support/tensors.js'

const test = suite('readProgram')
const {layers} = tf
test.before(() => useBackend('cpu'))

const dense = (units: number, more: object = {}) => layers.dense({units, ...more})
const relu = () => layers.reLU()
const normalize = () => layers.batchNormalization({betaInitializer: 'randomNormal'})

/** The kinds of its instructions, as one text. */
const shapeOf = (model: tf.LayersModel) =>
  withProgram(model, ({instructions}) => instructions.map(({kind}) => kind).join(' '))

test('affine layers that follow each other are one map', async () => {
  const body = [
    dense(4, {inputShape: [3]}),
    dense(5),
    normalize(),
    dense(4),
    relu(),
    normalize(),
    dense(3),
    dense(6),
    relu(),
    dense(2),
  ]
  const model = tf.sequential({layers: body})
  assert.is(await shapeOf(model), 'affine kink affine kink')
  const points = tf.randomNormal([6, 3], 0, 1, 'float32', 2)
  const found = await preActivationsOf(model, points)
  for (const [l, layer] of [body[4]!, body[8]!].entries()) {
    const output = layer.output as tf.SymbolicTensor
    const expected = tf.model({inputs: model.inputs, outputs: output}).predict(points) as tf.Tensor
    const positive = found[l]!.map((z) => Math.max(z, 0))
    near(positive, await expected.data(), {relative: 1e-5, scale: 1, label: `layer ${l}`})
    expected.dispose()
  }
  points.dispose()
})

test('an affine map whose value is used twice is kept apart', async () => {
  const network = readNetwork(
    tf.sequential({layers: [dense(4, {inputShape: [3]}), relu(), dense(4), relu()]}),
  )
  const [first, kink, second, last] = network.steps
  // The first map feeds the kink and, past it, the second map.
  const steps = [first!, kink!, {...second!, inputs: [1]}, last!] as typeof network.steps
  const program = await readProgram({...network, steps})
  assert.equal(
    program.instructions.map((item) => (item.kind === 'kink' ? [item.input] : item.inputs)),
    [[0], [1], [1], [3]],
  )
  program.dispose()
})

test('random networks: pre-activations as in plain loops', () =>
  forRandomNetworks(120, {}, async ({model, network64, inputSize}, random) => {
    const points = randomPoints(random, 4, inputSize)
    const found = await preActivationsOf(model, points)
    points.forEach((x, p) => {
      evaluate(network64, x).layers.forEach(({piece, read}, l) => {
        if (piece.kind === 'maximum') return
        const z = read.map((row) => row[0]!)
        const own = found[l]!.subarray(p * z.length, (p + 1) * z.length)
        near(own, z, {relative: 1e-5, scale: 1, label: `point ${p}, layer ${l}`})
      })
    })
  }))

test('disposing of it leaves no tensor', async () => {
  const model = tf.sequential({
    layers: [dense(4, {inputShape: [3]}), relu(), normalize(), relu(), dense(2)],
  })
  await keepsTensors(async () => {
    await preActivationsOf(model, [[1, 2, 3]])
  })
})

test('weights that are not finite are refused by layer, and leave no tensor', async () => {
  for (const [place, bad] of [
    [0, Number.NaN],
    [2, Infinity],
  ] as const) {
    const model = tf.sequential({
      layers: [
        dense(4, {inputShape: [3], name: 'first'}),
        relu(),
        dense(4, {name: 'second'}),
        relu(),
      ],
    })
    const layer = model.layers[place]!
    const [kernel, bias] = layer.getWeights()
    layer.setWeights([kernel!, tf.fill(bias!.shape, bad)])
    const message = `layer "${layer.name}" (Dense): weights: expected finite numbers, got ${bad}`
    await keepsTensors(async () => {
      assert.instance(await rejects(readProgram(readNetwork(model)), message), NonFiniteError)
    })
  }
})

test.run()
