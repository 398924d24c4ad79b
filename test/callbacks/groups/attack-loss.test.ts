import * as tf from '@tensorflow/tfjs'
import {test} from 'uvu'
import * as assert from 'uvu/assert'
import {attackLoss} from '../../../callbacks/groups/attack-loss.js'
import {inputGradient} from '../../../callbacks/groups/input-gradient.js'
import {randomStream} from '../../../callbacks/random.js'
import {backends, useBackend} from '../../support/backends.js'
import {near} from '../../support/near.js'
import {keepsTensors} from '../../support/tensors.js'
import {throwsWith} from '../fixture.js'

const inputs = 4
const count = 6
const rng = randomStream('attack loss')
const random = (length: number) => Array.from({length}, () => 2 * rng() - 1)
const points = Array.from({length: count}, () => random(inputs))

type Compiled = Pick<tf.ModelCompileArgs, 'loss'> | null
type Activation = 'softmax' | 'sigmoid' | 'linear'

/** One dense layer, whose gradients can be written down; `scale` makes it as sure as one likes. */
function linearModel(outputs: number, activation: Activation, compiled: Compiled, scale = 1) {
  const kernel = random(inputs * outputs).map((weight) => Math.fround(scale * weight))
  const layer = tf.layers.dense({inputShape: [inputs], units: outputs, activation, useBias: false})
  const model = tf.sequential({layers: [layer]})
  model.setWeights([tf.tensor2d(kernel, [inputs, outputs])])
  if (compiled) model.compile({optimizer: 'sgd', ...compiled})
  const logits = (point: readonly number[]) =>
    Array.from({length: outputs}, (_, unit) =>
      point.reduce((sum, value, input) => sum + value * kernel[input * outputs + unit]!, 0),
    )
  /** sum over units of `weight` times the row of the unit. */
  const pull = (weights: readonly number[]) =>
    Array.from({length: inputs}, (_, input) =>
      weights.reduce((sum, weight, unit) => sum + weight * kernel[input * outputs + unit]!, 0),
    )
  return {model, logits, pull}
}

function direction(values: readonly number[]): number[] {
  const length = Math.hypot(...values)
  return values.map((value) => value / length)
}

/** Directions in which the loss rises, as the callback takes them. */
async function directions(model: tf.LayersModel, classes: readonly number[]): Promise<number[][]> {
  const rows = await keepsTensors(async () => {
    const given = tf.tensor2d(points)
    const gradient = inputGradient(model, [inputs], (outputs) =>
      attackLoss(model)(outputs, Int32Array.from(classes)),
    )(given)
    const values = await gradient.array()
    tf.dispose([given, gradient])
    return values as number[][]
  })
  return rows.map(direction)
}

const softmax = (logits: readonly number[]) => {
  const most = Math.max(...logits)
  const powers = logits.map((logit) => Math.exp(logit - most))
  const sum = powers.reduce((total, power) => total + power, 0)
  return powers.map((power) => power / sum)
}

const classesOf = (outputs: number) => points.map((_, index) => index % Math.max(2, outputs))

for (const backend of backends) {
  test(`${backend}: a cross-entropy over several classes rises along W (p - y)`, async () => {
    await useBackend(backend)
    const own = (targets: tf.Tensor, outputs: tf.Tensor) =>
      targets.mul(outputs.log()).sum(1).neg().mean()
    for (const [activation, compiled] of [
      ['softmax', {loss: 'categoricalCrossentropy'}],
      ['softmax', {loss: ['categoricalCrossentropy']}],
      ['softmax', {loss: 'sparseCategoricalCrossentropy'}],
      ['softmax', {loss: tf.metrics.categoricalCrossentropy}],
      ['softmax', {loss: own}],
      ['softmax', {loss: 'kullbackLeiblerDivergence'}],
      ['linear', {loss: tf.losses.softmaxCrossEntropy}],
      ['softmax', null],
      ['linear', null],
    ] as [Activation, Compiled][]) {
      const {model, logits, pull} = linearModel(3, activation, compiled)
      const found = await directions(model, classesOf(3))
      for (const [index, point] of points.entries()) {
        const error = softmax(logits(point)).map((p, unit) => p - (unit === index % 3 ? 1 : 0))
        near(found[index]!, direction(pull(error)), {relative: 2e-5, scale: 1})
      }
      model.dispose()
    }
  })

  test(`${backend}: a network that is sure, rightly or wrongly, still has a direction`, async () => {
    await useBackend(backend)
    for (const [activation, compiled] of [
      ['softmax', {loss: 'categoricalCrossentropy'}],
      ['linear', {loss: tf.losses.softmaxCrossEntropy}],
    ] as [Activation, Compiled][]) {
      const {model, logits, pull} = linearModel(3, activation, compiled, 25)
      const sure = points.map((point) => logits(point).indexOf(Math.max(...logits(point))))
      const found = await directions(model, sure)
      let saturated = 0
      const wrong = points.map((point) => logits(point).indexOf(Math.min(...logits(point))))
      const fromWrong = await directions(model, wrong)
      for (const [index, point] of points.entries()) {
        const error = softmax(logits(point)).map((p, unit) => p - (unit === wrong[index] ? 1 : 0))
        near(fromWrong[index]!, direction(pull(error)), {relative: 1e-4, scale: 1})
      }
      for (const [index, point] of points.entries()) {
        // p - y without the cancellation: p_i, and minus the sum of the others for the class itself
        const others = softmax(logits(point)).map((p, unit) => (unit === sure[index] ? 0 : p))
        const sum = others.reduce((total, p) => total + p, 0)
        const error = others.map((p, unit) => (unit === sure[index] ? -sum : p))
        near(found[index]!, direction(pull(error)), {relative: 1e-4, scale: 1})
        if (sum < 1e-7) saturated++
      }
      assert.ok(saturated > 0, 'no point of which the network is sure')
      model.dispose()
    }
  })

  test(`${backend}: one output tells two classes apart`, async () => {
    await useBackend(backend)
    for (const [activation, compiled] of [
      ['sigmoid', {loss: 'binaryCrossentropy'}],
      ['sigmoid', {loss: 'meanSquaredError'}],
      ['linear', {loss: tf.losses.sigmoidCrossEntropy}],
      ['sigmoid', null],
    ] as [Activation, Compiled][]) {
      const {model, pull} = linearModel(1, activation, compiled)
      const found = await directions(model, classesOf(1))
      for (const index of points.keys())
        near(found[index]!, direction(pull([index % 2 ? -1 : 1])), {relative: 2e-5, scale: 1})
      model.dispose()
    }
  })
}

test('any other loss is raised as it was compiled', async () => {
  const {model, logits, pull} = linearModel(3, 'linear', {loss: 'meanSquaredError'})
  const found = await directions(model, classesOf(3))
  for (const [index, point] of points.entries()) {
    const error = logits(point).map((output, unit) => output - (unit === index % 3 ? 1 : 0))
    near(found[index]!, direction(pull(error)), {relative: 2e-5, scale: 1})
  }
})

test("a function of one's own is called, whatever its name", async () => {
  const {categoricalCrossentropy} = {
    categoricalCrossentropy: (rows: tf.Tensor, outputs: tf.Tensor) =>
      outputs.sub(rows).square().mean(1),
  }
  const {model} = linearModel(3, 'softmax', {loss: categoricalCrossentropy})
  const found = await directions(model, classesOf(3))
  model.compile({optimizer: 'sgd', loss: 'meanSquaredError'})
  assert.equal(found, await directions(model, classesOf(3)))
})

test('the model inside a sequential one, which a callback is given, has the same loss', async () => {
  const {model} = linearModel(3, 'linear', {loss: 'meanSquaredError'})
  const {model: inner} = model as unknown as {model: tf.LayersModel}
  assert.equal(await directions(inner, classesOf(3)), await directions(model, classesOf(3)))
})

test('a softmax of its own layer makes probabilities', async () => {
  const sizes = {inputShape: [inputs], units: 3, useBias: false}
  const plain = tf.sequential({layers: [tf.layers.dense({...sizes, activation: 'softmax'})]})
  for (const last of [tf.layers.softmax(), tf.layers.activation({activation: 'softmax'})]) {
    const model = tf.sequential({layers: [tf.layers.dense(sizes), last]})
    model.setWeights(plain.getWeights())
    const [found, expected] = [
      await directions(model, classesOf(3)),
      await directions(plain, classesOf(3)),
    ]
    for (const index of points.keys()) near(found[index]!, expected[index]!, {relative: 1e-5})
  }
})

test('a model with nothing that tells classes apart is refused', () => {
  const {model} = linearModel(1, 'linear', null)
  throwsWith(
    () => attackLoss(model),
    'model: expected several outputs, or one with a sigmoid, to tell classes apart; compile it',
  )
})

test.run()
