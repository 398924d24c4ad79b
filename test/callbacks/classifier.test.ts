import * as tf from '@tensorflow/tfjs'
import {test} from 'uvu'
import * as assert from 'uvu/assert'
import {findClassifier} from '../../callbacks/classifier.js'
import {linearRegionMonitor, type MonitorOptions} from '../../callbacks/index.js'
import {keepsTensors} from '../support/tensors.js'
import {memoryLog, smallData, smallModel, warningsOf} from './fixture.js'

const {xs, ys, labels} = smallData()
const oneHot = {labels: Int32Array.from(labels), columns: 3}
const whole = {labels: Int32Array.from(labels), columns: null}
const partOf = (model: tf.LayersModel, layer = 0) =>
  tf.model({inputs: model.inputs, outputs: model.layers[layer]!.output as tf.SymbolicTensor})
const classifier = smallModel()
const part = partOf(classifier)

test('the fitted model tells classes apart, also where a part of it is watched', () => {
  for (const watched of [classifier, part])
    for (const examples of [oneHot, whole])
      assert.is(findClassifier(watched, classifier, [examples, null]).model, classifier)
})

test('so it does with layers that are shared in other ways', () => {
  const input = tf.input({shape: [4]})
  const applied = classifier.layers[0]!.apply(input) as tf.SymbolicTensor
  assert.is(
    findClassifier(tf.model({inputs: input, outputs: applied}), classifier, [whole]).model,
    classifier,
  )
  const nested = tf.sequential({layers: [part, tf.layers.dense({units: 3})]})
  assert.is(findClassifier(part, nested, [whole]).model, nested)
  // fit tells a callback of the model inside a sequential one
  const {model: inner} = classifier as unknown as {model: tf.LayersModel}
  assert.is(findClassifier(classifier, inner, [whole]).model, inner)
})

const uncompiled = (...layers: tf.layers.Layer[]) =>
  tf.sequential({
    layers: [tf.layers.dense({inputShape: [4], units: 3, activation: 'relu'}), ...layers],
  })

test('a model of a loop of its own counts as whole where it shows that it is', () => {
  const softmax = uncompiled(tf.layers.dense({units: 3}), tf.layers.softmax())
  const logits = uncompiled(tf.layers.dense({units: 3}))
  for (const [model, examples] of [
    [classifier, whole],
    [softmax, whole],
    [logits, oneHot],
  ] as const)
    assert.is(findClassifier(model, undefined, [null, examples]).model, model)
})

const later = tf.sequential({
  layers: [tf.layers.dense({inputShape: [4], units: 4, activation: 'relu'}), part],
})
for (const [what, watched, fitted, examples, why] of [
  ['without labels', classifier, classifier, {labels: null, columns: null}, 'there are no labels'],
  [
    'with too many classes',
    classifier,
    classifier,
    {labels: Int32Array.of(3), columns: null},
    'labels go up to class 3, and the model has 3 outputs',
  ],
  [
    'with other columns than outputs',
    classifier,
    classifier,
    {...oneHot, columns: 2},
    'labels have 2 columns, and the model has 3 outputs',
  ],
  [
    'where the part begins later than the fitted model',
    part,
    later,
    oneHot,
    'the model that is watched does not begin with the first layer of the fitted one',
  ],
  ['that may be a part', partOf(smallModel({units: 16})), undefined, whole, 'whether the option'],
  ['that ends in a kink', uncompiled(), undefined, oneHot, 'whether the option model is a part'],
  [
    'of logits and whole numbers',
    uncompiled(tf.layers.dense({units: 3})),
    undefined,
    whole,
    'whether the option model is a part',
  ],
] as const)
  test(`no classes are known of a model ${what}`, () => {
    const found = findClassifier(watched, fitted, [examples])
    assert.is(found.model, null)
    assert.match(found.why!, why)
  })

async function watch(options: Partial<MonitorOptions>, model = smallModel()) {
  const log = memoryLog()
  const monitor = linearRegionMonitor({
    data: xs,
    labels,
    database: log,
    points: 4,
    radii: [0.1],
    keepInputs: true,
    ...options,
  })
  await model.fit(xs, ys, {epochs: 1, verbose: 0, callbacks: [monitor]})
  return {model, log}
}

test('a training logs the class that the whole model predicts, a part of which is watched', async () => {
  const model = smallModel({units: 16})
  const {log} = await watch({model: partOf(model)}, model)
  const {points, measurements} = log.snapshots.at(-1)!
  const inputs = tf.tensor2d(points.map(({input}) => [...input!]))
  const expected = tf.tidy(() => (model.predict(inputs) as tf.Tensor).argMax(1).dataSync())
  const [found] = measurements
  assert.is(found!.measure, 'predicted')
  assert.equal([...found!.value], [...expected])
  inputs.dispose()
})

test('where no classes are known, no class is logged, which is said once', async () => {
  const model = smallModel({units: 16})
  const log = memoryLog()
  const options = {data: xs, labels, database: log, points: 4, radii: [0.1]}
  const said = await warningsOf(() =>
    keepsTensors(async () => {
      const monitor = linearRegionMonitor({...options, model: partOf(model)})
      for (const step of [0, 1]) await monitor.measure({step, epoch: step})
      await monitor.finish()
    }),
  )
  assert.is(said.length, 1)
  assert.match(said[0]!, 'linear-regions: labels are logged without the predicted class: whether')
  assert.equal(
    log.runs[0]!.measures.map(({name}) => name),
    ['distance', 'bound'],
  )
  assert.ok(log.snapshots.every(({measurements}) => measurements.length === 0))
  assert.is(log.snapshots.length, 2)
})

test.run()
