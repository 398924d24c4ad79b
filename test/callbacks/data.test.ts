import * as tf from '@tensorflow/tfjs'
import {test} from 'uvu'
import * as assert from 'uvu/assert'
import {type DataOptions, readExamples} from '../../callbacks/data.js'
import {near} from '../support/near.js'
import {rejects} from '../support/rejects.js'
import {keepsTensors} from '../support/tensors.js'

const nested = [
  [1, 2, 3],
  [4, 5, 6],
]
const flat = Float32Array.of(1, 2, 3, 4, 5, 6)
const read = (options: Partial<DataOptions>, shape = [3]) =>
  readExamples({data: nested, keep: 10_000, ...options}, shape)

for (const [name, data] of [
  ['nested arrays', nested],
  ['an array of typed arrays', nested.map((row) => Float32Array.from(row))],
  ['a flat typed array', flat],
  ['a flat typed array of bytes', Uint8Array.from(flat)],
] as const)
  test(`data may be ${name}`, async () => {
    const {train, test} = await read({data})
    assert.equal(train.points.values, flat)
    assert.is(train.points.count, 2)
    assert.equal(train.points.shape, [3])
    assert.is(train.labels, null)
    assert.is(test, null)
  })

test('data may be a tensor, which stays as it is', async () => {
  const [one, other] = [tf.tensor2d(nested), tf.tensor2d(nested, undefined, 'int32')]
  await keepsTensors(async () => {
    for (const data of [one, other]) assert.equal((await read({data})).train.points.values, flat)
  })
  assert.not(one.isDisposed)
  tf.dispose([one, other])
})

test('later changes of a typed array do not reach the data', async () => {
  const mine = flat.slice()
  const {train} = await read({data: mine})
  mine.fill(0)
  assert.equal(train.points.values, flat)
})

test('data of several axes are kept row-major', async () => {
  const data = tf.tensor4d([...flat, ...flat], [2, 2, 3, 1])
  const {train} = await read({data}, [2, 3, 1])
  assert.is(train.points.features, 6)
  assert.equal(train.points.values, Float32Array.of(...flat, ...flat))
  data.dispose()
})

const withNaN = [
  [1, 2, 3],
  [4, Number.NaN, 6],
]
for (const [name, options, message] of [
  ['of another shape', {data: [[1, 2]]}, 'data: expected at least one point of shape [points, 3]'],
  ['without examples', {data: []}, 'data: expected'],
  [
    'that are ragged',
    {
      data: [
        [1, 2, 3],
        [4, 5],
      ],
    },
    'data: expected arrays of equal lengths',
  ],
  ['with NaN', {data: withNaN}, 'data: expected finite numbers, got NaN at point 1, feature 1'],
  ['with infinity', {data: [[1, 2, Infinity]]}, 'data: expected finite numbers, got Infinity'],
  [
    'of a length that does not divide',
    {data: flat.slice(1)},
    'data: expected numbers for at least one point of shape [3], 3 for each, got 5',
  ],
  ['of no length', {data: new Float32Array(0)}, 'data: expected numbers for at least one point'],
  [
    'in a typed array with NaN',
    {data: Float32Array.from(withNaN.flat())},
    'data: expected finite numbers, got NaN at point 1, feature 1',
  ],
  ['of words', {data: [['a', 'b', 'c']] as unknown as number[][]}, 'data: expected'],
  ['for testing of another shape', {testData: [[1]]}, 'testData: expected at least one point'],
  ['for testing with NaN', {testData: withNaN}, 'testData: expected finite numbers, got NaN'],
] as [string, Partial<DataOptions>, string][])
  test(`data ${name} are refused`, () => rejects(read(options), message).then(() => undefined))

test('a tensor that has been disposed is refused', async () => {
  const data = tf.tensor2d(nested)
  data.dispose()
  await rejects(read({data}), 'data: expected a living tensor')
})

const twoClasses = [
  [0, 1],
  [1, 0],
]
for (const [name, labels, expected] of [
  ['whole numbers', [4, 2], [4, 2]],
  ['a column', [[4], [2]], [4, 2]],
  ['a typed array', Int32Array.of(4, 2), [4, 2]],
  ['one-hot rows', twoClasses, [1, 0]],
  [
    'soft labels',
    [
      [0.2, 0.5, 0.3],
      [0.8, 0.1, 0.1],
    ],
    [1, 0],
  ],
] as const)
  test(`labels may be ${name}`, async () => {
    const {train} = await keepsTensors(() => read({labels}))
    assert.equal(train.labels, Int32Array.from(expected))
  })

test('labels may be a tensor of whole numbers', async () => {
  const labels = tf.tensor1d([4, 2], 'int32')
  assert.equal((await read({labels})).train.labels, Int32Array.of(4, 2))
  assert.not(labels.isDisposed)
  labels.dispose()
})

for (const [name, options, message] of [
  [
    'too few',
    {labels: [1]},
    'labels: expected one label for each of the 2 examples, got shape [1]',
  ],
  [
    'fractions',
    {labels: [0.5, 1]},
    'labels: expected classes, whole numbers below 2^24 [n] or one-hot rows',
  ],
  ['too large', {labels: [2 ** 24 + 1, 1]}, 'labels: expected classes'],
  ['negative', {labels: [-1, 1]}, 'labels: expected classes'],
  ['NaN', {labels: [Number.NaN, 1]}, 'labels: expected classes'],
  [
    'rows that are no weights',
    {
      labels: [
        [2, 3],
        [1, 4],
      ],
    },
    'labels: expected classes',
  ],
  ['no list', {labels: 'cat' as unknown as number[]}, 'labels: expected one label for each'],
  [
    'of testData too many',
    {testData: nested, testLabels: [1, 2, 3]},
    'testLabels: expected one label',
  ],
] as [string, Partial<DataOptions>, string][])
  test(`labels that are ${name} are refused`, () =>
    rejects(read(options), message).then(() => undefined))

const examples = () => tf.data.array(Array.from({length: 7}, (_, index) => [index, index, index]))

test('data may be a dataset: its first examples are read, its tensors disposed', async () => {
  const dataset = tf.data.zip({
    xs: examples().map((x) => tf.tensor1d(x as number[])),
    ys: tf.data.array([3, 1, 4, 1, 5, 9, 2]),
  })
  const {train} = await keepsTensors(() => read({data: dataset, keep: 4}))
  near(train.points.values, [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3])
  assert.equal(train.labels, Int32Array.of(3, 1, 4, 1))
})

test('a dataset may come in batches, with one-hot labels, and end before `keep`', async () => {
  const ys = [0, 1, 2, 0, 1, 2, 0].map((label) => [0, 1, 2].map((c) => (c === label ? 1 : 0)))
  const dataset = tf.data.zip({xs: examples(), ys: tf.data.array(ys)}).batch(3)
  const {train} = await keepsTensors(() => read({data: dataset}))
  assert.is(train.points.count, 7)
  assert.equal(train.labels, Int32Array.of(0, 1, 2, 0, 1, 2, 0))
  const some = await keepsTensors(() => read({data: dataset, keep: 5}))
  assert.is(some.train.points.count, 5)
  assert.equal(some.train.labels, Int32Array.of(0, 1, 2, 0, 1))
})

test('a dataset may have plain elements; labels may be given beside it', async () => {
  const {train} = await read({data: examples(), labels: [0, 1, 2, 3, 4, 5, 6]})
  assert.is(train.points.count, 7)
  assert.equal(train.labels, Int32Array.of(0, 1, 2, 3, 4, 5, 6))
})

test('the targets of a regression are no labels', async () => {
  const ys = tf.data.array([0.1, 1, 2, 3, 4, 5, 6])
  assert.is((await read({data: tf.data.zip({xs: examples(), ys})})).train.labels, null)
})

test('a dataset of another shape, or without examples, is refused', async () => {
  await keepsTensors(async () => {
    await rejects(
      read({data: tf.data.array([[1, 2]])}),
      'data: expected at least one point of shape',
    )
    await rejects(
      read({data: tf.data.array([[Number.NaN, 1, 2]])}),
      'data: expected finite numbers',
    )
    await rejects(
      read({data: examples().filter(() => false)}),
      'data: expected a dataset with examples',
    )
  })
})

test('a dataset that never ends is read no further than `keep`', async () => {
  let made = 0
  const endless = () =>
    tf.data.generator(function* () {
      for (;;) yield [made++, 0, 0]
    })
  await read({data: endless, keep: 5})
  assert.is(made, 5)
})

for (const [name, make] of [
  ['prefetches', (dataset) => dataset.prefetch(4)],
  ['shuffles', (dataset) => dataset.shuffle(50, 'seed')],
] as [string, (dataset: tf.data.Dataset<tf.TensorContainer>) => unknown][])
  test(`of a dataset that ${name} no tensor is left`, async () => {
    const tensors = tf.data.generator(function* () {
      for (let index = 0; index < 100; index++)
        yield {xs: tf.tensor1d([index, 1, 1]), ys: tf.scalar(index % 2)}
    })
    const data = () => make(tensors) as tf.data.Dataset<tf.TensorContainer>
    await keepsTensors(() => read({data, keep: 3}))
  })

test.run()
