import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {
  measureNetwork,
  methods,
  nearestNeighbourRadii,
  preactivationBounds,
  readNetwork,
} from '../../src/index.js'
import {assumeCosts, deviceCosts} from '../../src/on-device/costs.js'
import {useBackend} from '../support/backends.js'
import {draws} from '../support/draw.js'
import {mlpModel, randomMlp} from '../support/mlp.js'
import {randomPoints} from '../support/samples.js'

const test = suite('readings that fail')

test.before(() => useBackend('cpu'))

/** Has one reading of the active backend fail, counted from 0 on, while `run` runs; says whether it came to that. */
async function failing(which: number, run: () => Promise<unknown>): Promise<boolean> {
  const backend = tf.backend() as {read(id: object): Promise<unknown>}
  const read = backend.read
  let count = 0
  backend.read = async function (this: unknown, id) {
    if (count++ === which) throw new Error('the device is lost')
    return read.call(this, id)
  }
  try {
    await run()
    return count > which
  } catch (error) {
    assert.match(String(error), /the device is lost/)
    return true
  } finally {
    backend.read = read
  }
}

/** Each reading in turn. */
async function leaveNothing(run: () => Promise<unknown>): Promise<number> {
  await run()
  const before = tf.memory().numTensors
  let which = 0
  while (await failing(which, run)) {
    assert.is(tf.memory().numTensors, before, `tensors after reading ${which} failed`)
    which++
  }
  return which
}

const dense = () => mlpModel(randomMlp(draws('failed readings'), [6, 9, 8, 7]))

function convolutional(): tf.LayersModel {
  const initializer = (seed: number) => tf.initializers.heNormal({seed})
  return tf.sequential({
    layers: [
      tf.layers.conv2d({
        inputShape: [8, 8, 1],
        filters: 3,
        kernelSize: 3,
        activation: 'relu',
        kernelInitializer: initializer(1),
      }),
      tf.layers.maxPooling2d({poolSize: 2}),
      tf.layers.conv2d({
        filters: 4,
        kernelSize: 2,
        activation: 'relu',
        kernelInitializer: initializer(2),
      }),
      tf.layers.flatten(),
      tf.layers.dense({units: 3, kernelInitializer: initializer(3)}),
    ],
  })
}

for (const [name, make, size] of [
  ['dense', dense, 6],
  ['convolutional', convolutional, 64],
] as const) {
  for (const spared of [false, true]) {
    test(`a ${name} network, ${spared ? 'no reading between layers' : 'reading'}: no tensor stays`, async () => {
      const network = readNetwork(make())
      const points = randomPoints(draws('failed'), 3, size)
      assumeCosts(spared ? {wait: 1000, operation: 0, multiplyAdd: 0} : undefined)
      const readings = await leaveNothing(() =>
        measureNetwork(network, points, {
          norms: ['l2', 'linf'],
          methods,
          radii: [{rule: '0.3', radius: new Float64Array(3).fill(0.3)}],
        }),
      ).finally(() => assumeCosts(undefined))
      assert.ok(readings > 10, `${readings} readings`)
    })
  }
}

test('bounds of every pre-activation, and distances between points', async () => {
  const network = readNetwork(dense())
  const points = randomPoints(draws('failed'), 3, 6)
  await leaveNothing(() => preactivationBounds(network, points, 0.3))
  await leaveNothing(() => nearestNeighbourRadii(points, 0.5))
})

test('what a backend costs is measured anew after that', async () => {
  assumeCosts(undefined)
  assert.ok(await failing(3, deviceCosts))
  assert.is.not((await deviceCosts()).operation, 0)
})

test.run()
