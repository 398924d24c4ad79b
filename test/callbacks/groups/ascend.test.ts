import * as tf from '@tensorflow/tfjs'
import {test} from 'uvu'
import * as assert from 'uvu/assert'
import {type Ascent, ascend, tryAscent} from '../../../callbacks/groups/ascend.js'
import {makePoints, type Points, pointAt} from '../../../callbacks/points.js'
import {randomStream} from '../../../callbacks/random.js'
import {backends, useBackend} from '../../support/backends.js'
import {near} from '../../support/near.js'
import {keepsTensors} from '../../support/tensors.js'
import {randomPoints, withSeededRandom} from '../fixture.js'

const same = (count: number, value: number) => new Float64Array(count).fill(value)
const difference = (one: Float32Array, other: Float32Array) =>
  Array.from(one, (value, index) => value - other[index]!)
const length = (values: readonly number[]) => Math.hypot(...values)

/** Two steps on a softmax of one dense layer, in plain loops. */
function twoStepsByHand(
  kernel: readonly number[],
  bias: readonly number[],
  {origins, classes, starts, radius, stepSize, box}: Ascent,
): number[] {
  const [inputs, units] = [origins.features, bias.length]
  return Array.from({length: origins.count}, (_, slot) => {
    const origin = pointAt(origins, slot)
    let x = Array.from(starts.subarray(slot * inputs, (slot + 1) * inputs))
    for (let step = 0; step < 2; step++) {
      const logits = bias.map((offset, unit) =>
        x.reduce((sum, value, input) => sum + value * kernel[input * units + unit]!, offset),
      )
      const powers = logits.map((logit) => Math.exp(logit - Math.max(...logits)))
      const sum = powers.reduce((total, power) => total + power, 0)
      const error = powers.map((p, unit) => p / sum - (unit === classes[slot] ? 1 : 0))
      const gradient = x.map((_, input) =>
        error.reduce((total, value, unit) => total + value * kernel[input * units + unit]!, 0),
      )
      x = x.map((value, input) => value + (stepSize[slot]! * gradient[input]!) / length(gradient))
      const away = length(x.map((value, input) => value - origin[input]!))
      const shrink = Math.min(1, radius[slot]! / away)
      x = x.map((value, input) => origin[input]! + shrink * (value - origin[input]!))
      if (box) {
        const at = (limits: Float32Array, input: number) => limits[input % limits.length]!
        x = x.map((value, input) =>
          Math.min(Math.max(value, at(box.least, input)), at(box.greatest, input)),
        )
      }
    }
    return x
  }).flat()
}

for (const backend of backends)
  test(`${backend}: two steps on a linear softmax model are those done by hand`, async () => {
    await useBackend(backend)
    const rng = randomStream('linear')
    const random = (count: number) => Array.from({length: count}, () => Math.fround(2 * rng() - 1))
    const [kernel, bias] = [random(5 * 3), random(3)]
    const layer = tf.layers.dense({inputShape: [5], units: 3, activation: 'softmax'})
    const model = tf.sequential({layers: [layer]})
    model.setWeights([tf.tensor2d(kernel, [5, 3]), tf.tensor1d(bias)])
    model.compile({optimizer: 'sgd', loss: 'categoricalCrossentropy'})
    const origins = randomPoints(7, 5)
    const own = {
      least: Float32Array.of(-0.9, -0.5, -1, 0, 0.5),
      greatest: Float32Array.of(2, 1, 0.5, 2.5, 3),
    }
    const inBox = origins.values.map((value, index) =>
      Math.min(Math.max(value, own.least[index % 5]!), own.greatest[index % 5]!),
    )
    const overall = {least: Float32Array.of(-1), greatest: Float32Array.of(3)}
    for (const box of [undefined, own, overall]) {
      const ascent: Ascent = {
        model,
        origins: makePoints(box === own ? inBox : origins.values, [5]),
        classes: Int32Array.of(0, 1, 2, 0, 1, 2, 0),
        starts: (box === own ? inBox : origins.values).map((value) => value + 0.01),
        radius: Float64Array.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7),
        stepSize: Float64Array.of(0.3, 0.02, 0.2, 0.1, 0.4, 0.3, 0.05),
        steps: 2,
        box,
      }
      // starts of the hand's loop are those the ascent projects first
      const start = await ascend({...ascent, steps: 0})
      const expected = twoStepsByHand(kernel, bias, {...ascent, starts: start})
      near(await keepsTensors(() => ascend(ascent)), expected, {relative: 1e-5, scale: 1})
    }
  })

/** A small network that has learnt to tell classes apart, with all that must be off in an attack. */
async function trainedModel(data: Points, classes: Int32Array): Promise<tf.LayersModel> {
  const glorot = (seed: number) => tf.initializers.glorotUniform({seed})
  const model = tf.sequential({
    layers: [
      tf.layers.dense({
        inputShape: [data.features],
        units: 24,
        activation: 'relu',
        kernelInitializer: glorot(1),
      }),
      tf.layers.batchNormalization(),
      tf.layers.dropout({rate: 0.2, seed: 3}),
      tf.layers.dense({units: 12, activation: 'relu', kernelInitializer: glorot(2)}),
      tf.layers.dense({units: 3, activation: 'softmax', kernelInitializer: glorot(3)}),
    ],
  })
  model.compile({optimizer: tf.train.adam(0.02), loss: 'sparseCategoricalCrossentropy'})
  const xs = tf.tensor2d(data.values, [data.count, data.features])
  const ys = tf.tensor2d(classes, [data.count, 1], 'float32')
  await withSeededRandom('fit', () =>
    model.fit(xs, ys, {epochs: 15, batchSize: 20, verbose: 0, yieldEvery: 'never'}),
  )
  tf.dispose([xs, ys])
  return model
}

/** The cross-entropy of each point in float64, from what the model predicts. */
function lossesOf(model: tf.LayersModel, values: Float32Array, classes: Int32Array): number[] {
  const outputs = tf.tidy(() => {
    const predicted = model.predict(
      tf.tensor2d(values, [classes.length, values.length / classes.length]),
    ) as tf.Tensor2D
    return predicted.arraySync()
  })
  return outputs.map((row, slot) => {
    const wrong = row.reduce((sum, p, unit) => (unit === classes[slot] ? sum : sum + p), 0)
    return Math.log1p(wrong / row[classes[slot]!]!)
  })
}

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length

for (const backend of backends)
  test(`${backend}: points stay in their balls, and the loss rises above anything near`, async () => {
    await useBackend(backend)
    const data = randomPoints(150, 6)
    const classes = Int32Array.from({length: 150}, (_, index) => {
      const [one, other] = pointAt(data, index) as unknown as [number, number]
      return one > 1.4 ? 2 : other > 1 ? 1 : 0
    })
    const model = await trainedModel(data, classes)
    const radius = Float64Array.from({length: 150}, (_, index) => 0.05 + 0.003 * index)
    const ascent: Ascent = {
      model,
      origins: data,
      classes,
      starts: data.values,
      radius,
      stepSize: radius.map((each) => each / 4),
      steps: 10,
    }
    const before = await stateOf(model)
    const {random} = Math
    Math.random = () => {
      throw new Error('a draw from Math.random')
    }
    // more points than go through the model at once
    const reached = await keepsTensors(() => ascend(ascent)).finally(() => {
      Math.random = random
    })
    assert.equal(await stateOf(model), before, 'weights, statistics or optimiser changed')
    assert.equal(await ascend(ascent), reached, 'another run ends elsewhere')

    const rng = randomStream('other points')
    const others = data.values.slice()
    for (let slot = 0; slot < 150; slot++) {
      const [from, to] = [slot * 6, (slot + 1) * 6]
      const away = length(difference(reached.subarray(from, to), data.values.subarray(from, to)))
      assert.ok(away <= radius[slot]! * (1 + 1e-5), `${away} from the center of ${radius[slot]}`)
      const direction = Array.from({length: 6}, () => 2 * rng() - 1)
      for (let input = 0; input < 6; input++)
        others[from + input]! += (radius[slot]! * direction[input]!) / length(direction)
    }
    const [start, random0, end] = [data.values, others, reached].map((values) =>
      lossesOf(model, values, classes),
    ) as [number[], number[], number[]]
    const above = (losses: number[]) => end.filter((loss, slot) => loss >= losses[slot]!).length
    assert.ok(above(start) >= 149, `${above(start)} of 150 above the start`)
    assert.ok(above(random0) >= 147, `${above(random0)} of 150 above a random point of the ball`)
    assert.ok(mean(end) > 1.5 * mean(start), `${mean(start)} rose to ${mean(end)}`)
    model.dispose()
  })

/** Weights, moving averages and the optimiser's moments, as numbers. */
async function stateOf(model: tf.LayersModel) {
  const {optimizer} = model as unknown as {optimizer: tf.Optimizer}
  const kept = await optimizer.getWeights()
  const state = [...model.getWeights(), ...kept.map(({tensor}) => tensor)]
  const values = state.map((tensor) => [...tensor.dataSync()])
  return {values, iterations: optimizer.iterations}
}

test('a point whose loss is flat stays where it is', async () => {
  await useBackend('cpu')
  const model = tf.sequential({
    layers: [
      tf.layers.dense({inputShape: [2], units: 3, activation: 'relu', kernelInitializer: 'ones'}),
      tf.layers.dense({
        units: 2,
        activation: 'softmax',
        kernelInitializer: tf.initializers.glorotUniform({seed: 1}),
      }),
    ],
  })
  const origins = makePoints(Float32Array.of(-3, -4, 3, 4), [2])
  const reached = await ascend({
    model,
    origins,
    classes: Int32Array.of(0, 0),
    starts: origins.values,
    radius: same(2, 0.5),
    stepSize: same(2, 0.1),
    steps: 3,
  })
  assert.equal(reached.slice(0, 2), origins.values.slice(0, 2))
  assert.not.equal(reached.slice(2), origins.values.slice(2))
})

/** Models on 8 x 8 images, all of which every backend can measure. */
const {layers} = tf
const image = {inputShape: [8, 8, 2]}
const end = () => [layers.flatten(), layers.dense({units: 3, activation: 'softmax'})]
const convolution = () =>
  tf.sequential({
    layers: [
      layers.conv2d({...image, filters: 3, kernelSize: 3, activation: 'relu'}),
      layers.maxPooling2d({poolSize: 2}),
      ...end(),
    ],
  })
/** Convolution, normalisation and kink apart, with a way around. */
const residual = () => {
  const input = tf.input({shape: [8, 8, 2]})
  const apply = (layer: tf.layers.Layer, ...to: tf.SymbolicTensor[]) =>
    layer.apply(to.length > 1 ? to : to[0]!) as tf.SymbolicTensor
  const convolved = apply(layers.conv2d({filters: 2, kernelSize: 3, padding: 'same'}), input)
  const kinked = apply(layers.reLU(), apply(layers.batchNormalization(), convolved))
  const pooled = apply(layers.averagePooling2d({poolSize: 2}), apply(layers.add(), kinked, input))
  const [flat, dense] = end()
  return tf.model({inputs: input, outputs: apply(dense!, apply(flat!, pooled))})
}
const depthwise = () =>
  tf.sequential({
    layers: [layers.depthwiseConv2d({...image, kernelSize: 3}), layers.reLU(), ...end()],
  })
const dilated = () =>
  tf.sequential({
    layers: [
      layers.conv2d({...image, filters: 3, kernelSize: 3, dilationRate: 2}),
      layers.reLU(),
      ...end(),
    ],
  })

const images = makePoints(randomPoints(3, 128).values, [8, 8, 2])
const onImages = (model: tf.LayersModel): Ascent => ({
  model,
  origins: images,
  classes: Int32Array.of(0, 1, 2),
  starts: images.values,
  radius: same(3, 0.5),
  stepSize: same(3, 0.2),
  steps: 4,
})

for (const [name, make] of [
  ['a convolution and a pool', convolution],
  ['convolutions without activations of their own', residual],
] as const)
  test(`WebAssembly goes up through ${name}, which it cannot train, as plain JavaScript does`, async () => {
    await useBackend('cpu')
    const model = make()
    const expected = await keepsTensors(() => ascend(onImages(model)))
    await useBackend('wasm')
    near(await keepsTensors(() => ascend(onImages(model))), expected, {relative: 1e-4, scale: 1})
    assert.is(tf.getKernel('Conv2DBackpropFilter', 'wasm'), undefined, 'the stand-in stayed')
  })

// Native TensorFlow in place of WebAssembly does have it.
for (const [name, backend, make, message] of [
  ['depthwise convolution', 'wasm', depthwise, /DepthwiseConv2dNativeBackpropInput.*wasm/],
  ['dilated convolution', 'cpu', dilated, /dilation rates greater than 1/],
] as const)
  (backend === 'wasm' && !backends.includes('wasm') ? test.skip : test)(
    `${backend}: the gradient of a ${name}, which is not to be had, leaves no tensor behind`,
    async () => {
      await useBackend(backend)
      const model = make()
      await keepsTensors(() => assert.throws(() => tryAscent(onImages(model)), message))
      const other = convolution()
      await keepsTensors(() => tryAscent(onImages(other)))
    },
  )

test.run()
