import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {borrow, giveBack, onReturn} from '../../../src/common/spare-arrays.js'
import {measureNetwork, readNetwork} from '../../../src/index.js'
import {backends, useBackend} from '../../support/backends.js'
import {draws} from '../../support/draw.js'
import {randomPoints} from '../../support/samples.js'

const test = suite('spare arrays')

test('what was given back is lent again, to those that want about as much', () => {
  const own = borrow(10_000)
  assert.is(own.length, 10_000)
  giveBack(own)
  const other = borrow(9_500)
  assert.is(other.length, 9_500)
  assert.is(other.buffer, own.buffer)
  assert.is.not(borrow(9_500).buffer, own.buffer)
  giveBack(other)
  assert.is.not(borrow(20_000).buffer, own.buffer)
  assert.is.not(borrow(5_000).buffer, own.buffer, 'which is twice as long')
})

test('an array comes back once, and none that was not lent', () => {
  const own = borrow(40_000)
  giveBack(own, own, undefined)
  assert.is.not(borrow(40_000).buffer, borrow(40_000).buffer)
  const foreign = new Float32Array(own.buffer.byteLength / 4)
  giveBack(foreign)
  assert.is.not(borrow(foreign.length).buffer, foreign.buffer)
})

test('no more than 128 MB are kept, of lengths that came back last', () => {
  const [first, second] = [borrow(2 ** 23), borrow(2 ** 24)]
  const others = [1, 2, 3].map(() => borrow(2 ** 22))
  giveBack(first)
  giveBack(second, ...others)
  assert.is(borrow(2 ** 24).buffer, second.buffer)
  assert.is.not(borrow(2 ** 23).buffer, first.buffer)
  const again = others.map(() => borrow(2 ** 22).buffer)
  assert.equal(new Set(again), new Set(others.map(({buffer}) => buffer)))
  const long = borrow(2 ** 25 + 1)
  giveBack(long)
  assert.is.not(borrow(2 ** 25 + 1).buffer, long.buffer)
})

const {layers} = tf
const seeded = (seed: number) => ({
  kernelInitializer: tf.initializers.heNormal({seed}),
  biasInitializer: tf.initializers.randomNormal({stddev: 0.1, seed}),
})
const conv = (filters: number, strides: number, options = {}) =>
  layers.conv2d({filters, kernelSize: 3, strides, padding: 'same', ...seeded(filters), ...options})
const dense = (units: number, options = {}) =>
  layers.dense({units, activation: 'relu', ...seeded(units), ...options})

const networks: Record<string, () => tf.LayersModel> = {
  dense: () => tf.sequential({layers: [dense(100, {inputShape: [20]}), dense(90), dense(90)]}),
  convolutional: () =>
    tf.sequential({
      layers: [
        conv(4, 1, {inputShape: [12, 12, 1], activation: 'relu'}),
        conv(5, 2, {activation: 'relu'}),
        layers.maxPooling2d({poolSize: 2}),
        layers.flatten(),
        dense(90),
      ],
    }),
  residual: () => {
    const apply = (layer: tf.layers.Layer, x: tf.SymbolicTensor | tf.SymbolicTensor[]) =>
      layer.apply(x) as tf.SymbolicTensor
    const inputs = tf.input({shape: [8, 8, 2]})
    const x = apply(layers.reLU(), apply(conv(3, 1), inputs))
    const sum = apply(layers.add(), [x, apply(conv(3, 1, {activation: 'relu'}), x)])
    const outputs = apply(dense(70), apply(layers.flatten(), apply(layers.reLU(), sum)))
    return tf.model({inputs, outputs})
  },
}

for (const backend of backends) {
  for (const [name, build] of Object.entries(networks)) {
    test(`${name} on ${backend}: nobody reads an array after it is given back, or before it is written`, async () => {
      await useBackend(backend)
      const network = readNetwork(build())
      const size = network.inputShape.reduce((a, b) => a * b, 1)
      const points = randomPoints(draws(name), 48, size)
      const request = {
        norms: ['l2'] as const,
        methods: ['spectral', 'crown', 'combined'] as const,
        countings: ['flats', 'product'] as const,
        radii: [0.02, 0.1].map((r) => ({rule: `${r}`, radius: new Float64Array(48).fill(r)})),
      }
      const measured = async () => {
        const {distances, bounds} = await measureNetwork(network, points, request)
        return {distances, bounds}
      }
      const expected = await measured()
      let spoiled = 0
      onReturn((array) => {
        array.fill(Number.NaN)
        spoiled++
      })
      try {
        assert.equal(await measured(), expected)
        // Now those that are lent are spoiled, too.
        assert.equal(await measured(), expected)
        assert.ok(spoiled > 20, `${spoiled} arrays were given back`)
      } finally {
        onReturn(undefined)
      }
    })
  }
}

test.run()
