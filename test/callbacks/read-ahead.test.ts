import * as tf from '@tensorflow/tfjs'
import {test} from 'uvu'
import * as assert from 'uvu/assert'
import {disposeReadAhead} from '../../callbacks/read-ahead.js'
import {keepsTensors} from '../support/tensors.js'

const pairs = () =>
  tf.data.generator(function* () {
    for (let index = 0; index < 100; index++)
      yield {xs: tf.tensor1d([index, 1]), ys: tf.tensor1d([index])}
  })
const single = () => pairs().map((pair) => (pair as {xs: tf.Tensor}).xs.clone())

for (const [name, make] of [
  ['that prefetches', () => pairs().prefetch(4)],
  ['that shuffles', () => pairs().shuffle(50, 'seed')],
  ['of batches, shuffled and prefetched', () => pairs().shuffle(10, 'seed').batch(3).prefetch(4)],
  ['prefetched twice', () => pairs().prefetch(3).batch(2).prefetch(2)],
  [
    'put together from two',
    () => tf.data.zip({xs: single().prefetch(3), ys: single().shuffle(5, 'seed')}),
  ],
  ['that is repeated', () => pairs().take(2).prefetch(4).repeat(3)],
  ['that comes after another', () => pairs().take(1).concatenate(pairs().shuffle(7, 'seed'))],
] as [string, () => tf.data.Dataset<tf.TensorContainer>][])
  for (const elements of [0, 1, 3])
    test(`a dataset ${name}: nothing is left after ${elements} elements`, async () => {
      await keepsTensors(async () => {
        const iterator = await make().iterator()
        for (let index = 0; index < elements; index++) {
          const {value} = await iterator.next()
          assert.ok(value)
          tf.dispose(value)
        }
        await disposeReadAhead(iterator)
      })
    })

test('what was not asked for is not read', async () => {
  let made = 0
  const dataset = tf.data.generator(function* () {
    for (;;) yield made++
  })
  const iterator = await dataset.shuffle(5, 'seed').iterator()
  await iterator.next()
  const before = made
  await disposeReadAhead(iterator)
  assert.is(made, before)
})

test('an element that failed is passed over, and the others are disposed', async () => {
  const failing = tf.data.generator(function* () {
    yield tf.scalar(0)
    yield tf.scalar(1)
    throw new Error('deliberate')
  })
  await keepsTensors(async () => {
    const iterator = await failing.prefetch(4).iterator()
    tf.dispose((await iterator.next()).value)
    await disposeReadAhead(iterator)
  })
})

test('another kind of iterator is left as it is', async () => {
  const tensor = tf.scalar(1)
  const other = {next: async () => ({value: 1}), buffer: [tensor], upstream: tensor}
  await disposeReadAhead(other)
  await disposeReadAhead(undefined)
  assert.not(tensor.isDisposed)
  tensor.dispose()
})

test.run()
