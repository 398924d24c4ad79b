import * as tf from '@tensorflow/tfjs'
import {test} from 'uvu'
import * as assert from 'uvu/assert'
import type {DatasetLike} from '../../callbacks/dataset.js'
import {type DatasetSource, readDatasetSource} from '../../callbacks/dataset-source.js'
import {linearRegionMonitor} from '../../callbacks/index.js'
import {rejects} from '../support/rejects.js'
import {keepsTensors} from '../support/tensors.js'
import {memoryLog, smallData, smallModel} from './fixture.js'

const numbers = () => tf.data.array(Array.from({length: 100}, (_, index) => [index]))
const shuffled = (window = 20) => numbers().shuffle(window, 'seed')
const read = (source: DatasetSource, keep = 100) => readDatasetSource('data', source, [1], keep)

const {values, labels} = smallData()
const pairs = values.map((xs, index) => ({xs, ys: [0, 1, 2].map((c) => +(c === labels[index]))}))
const makeDataset = () => tf.data.array(pairs).shuffle(20, 'seed').batch(6)

/** Losses and weights of a training on a dataset that shuffles. */
async function trained(dataOf?: (trainedOn: DatasetLike) => DatasetSource) {
  const dataset = makeDataset()
  const model = smallModel()
  const watched = dataOf && {data: dataOf(dataset), database: memoryLog(), points: 5, radii: [0.1]}
  const {history} = await model.fitDataset(dataset as tf.data.Dataset<tf.TensorContainer>, {
    epochs: 3,
    verbose: 0,
    callbacks: watched ? [linearRegionMonitor(watched)] : [],
  })
  const weights = await Promise.all(model.getWeights().map((weight) => weight.data()))
  return {history, weights: weights.map((weight) => [...weight])}
}

test('a training on a dataset that shuffles is the same where the monitor makes its own', async () => {
  const plain = await trained()
  assert.equal(await trained(() => makeDataset), plain)
  assert.equal(await trained(() => async () => makeDataset()), plain)
})

test("the training's own dataset is refused where it shuffles", async () => {
  const what = 'data: expected a dataset that begins with the same examples each time it is read'
  await rejects(
    trained((own) => own),
    what,
  )
  await rejects(
    trained((own) => () => own),
    'give a function that makes it anew, data: () => makeDataset()',
  )
})

const shared = shuffled()
for (const [name, source] of [
  ['shuffles', shuffled()],
  ['shuffles a little', shuffled(2)],
  ['shuffles batches', numbers().batch(40).shuffle(3, 'seed')],
  ['shuffles, and is the same each time it is made', () => shared],
] as const)
  test(`a dataset that ${name} is refused`, async () => {
    await keepsTensors(() => rejects(read(source), 'data: expected a dataset that begins'))
  })

test('so is one that is used up, or goes on where it was', async () => {
  let made = 0
  const counting = tf.data.generator(function* () {
    while (made < 50) yield [made++]
  })
  await rejects(read(counting, 10), 'data: expected a dataset that begins')
  await rejects(read(counting), 'data: expected a dataset that begins')
})

test('a dataset that repeats itself may be given as it is, or be made', async () => {
  const doubled = () => numbers().map((x) => [(x as number[])[0]! * 2])
  for (const source of [doubled(), doubled])
    assert.equal((await read(source, 3)).points.values, Float32Array.of(0, 2, 4))
})

test('a dataset that is made anew may shuffle; the examples are those of any reading', async () => {
  const {points} = await read(() => shuffled())
  assert.equal(
    points.values.toSorted(),
    Float32Array.from({length: 100}, (_, index) => index),
  )
  assert.equal((await read(() => shuffled())).points, points)
})

test('a function that makes no dataset is refused', async () => {
  const make = (() => [[1]]) as unknown as DatasetSource
  await rejects(read(make), 'data: expected the function to make a tf.data dataset, got [[1]]')
})

test.run()
