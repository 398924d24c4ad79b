import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {readNetwork, UnsupportedLayerError} from '../../src/index.js'
import {useBackend} from '../support/backends.js'
import {near} from '../support/near.js'
import {preActivationsOf} from '../support/run-forward.js'

const reading = suite('readNetwork')
const refusing = suite('readNetwork refuses')
const {layers} = tf
const dense = (units: number, more: object = {}) => layers.dense({units, ...more})
const sequential = (...all: tf.layers.Layer[]) => tf.sequential({layers: all})

reading.before(() => useBackend('cpu'))

/** [name, units] of the kinked layers */
function kinked(model: tf.LayersModel) {
  return readNetwork(model).layers.map(({name, units}) => [name, units])
}

/** f(pre-activation) against what tf itself makes of the same points in that layer's output. */
async function hasOutputs(
  model: tf.LayersModel,
  expected: readonly tf.SymbolicTensor[],
  activation: (z: number) => number = (z) => Math.max(z, 0),
): Promise<void> {
  const inputShape = model.inputs[0]!.shape.slice(1) as number[]
  const points = tf.randomNormal([6, ...inputShape], 0, 1, 'float32', 3)
  const found = await preActivationsOf(model, points)
  assert.is(found.length, expected.length)
  for (const [l, output] of expected.entries()) {
    const inner = tf.model({inputs: model.inputs, outputs: output})
    const wanted = inner.predict(points) as tf.Tensor
    near(found[l]!.map(activation), await wanted.data(), {relative: 1e-5, scale: 1})
    wanted.dispose()
  }
  points.dispose()
}

const outputOf = (model: tf.LayersModel, name: string) =>
  model.getLayer(name).output as tf.SymbolicTensor

reading('a sequential model: relu as an attribute, as a layer and as an Activation', async () => {
  const model = sequential(
    dense(5, {activation: 'relu', inputShape: [3], name: 'attribute'}),
    dense(4, {name: 'plain'}),
    layers.reLU({name: 'layer'}),
    dense(3),
    layers.activation({activation: 'relu', name: 'activation'}),
    dense(2, {activation: 'softmax'}),
  )
  const network = readNetwork(model)
  assert.equal(network.layers, [
    {name: 'attribute', className: 'Dense', units: 5, kinks: 1},
    {name: 'layer', className: 'ReLU', units: 4, kinks: 1},
    {name: 'activation', className: 'Activation', units: 3, kinks: 1},
  ])
  assert.equal(network.inputShape, [3])
  assert.is(network.parameters, model.countParams())
  const names = ['attribute', 'layer', 'activation']
  await hasOutputs(
    model,
    names.map((name) => outputOf(model, name)),
  )
})

reading('a functional model', async () => {
  const input = tf.input({shape: [4]})
  const first = dense(6, {activation: 'relu'}).apply(input) as tf.SymbolicTensor
  const second = dense(5, {activation: 'relu'}).apply(first) as tf.SymbolicTensor
  const output = dense(1).apply(second) as tf.SymbolicTensor
  const model = tf.model({inputs: input, outputs: output})
  await hasOutputs(model, [first, second])
})

reading('the inner model of a sequential one, which a callback is handed', () => {
  const model = sequential(dense(5, {activation: 'relu', inputShape: [3]}), dense(1))
  model.compile({optimizer: 'sgd', loss: 'meanSquaredError'})
  const {model: inner} = model as unknown as {model: tf.LayersModel}
  assert.ok(inner && inner !== model)
  assert.equal(kinked(inner), kinked(model))
})

reading('leakyReLU with its slope; a slope of 1 is no kink', async () => {
  const model = sequential(
    dense(4, {inputShape: [3]}),
    layers.leakyReLU({alpha: 0.2, name: 'leaky'}),
    dense(4),
    layers.leakyReLU({alpha: 1}),
    dense(2),
  )
  assert.equal(kinked(model), [['leaky', 4]])
  await hasOutputs(model, [outputOf(model, 'leaky')], (z) => (z > 0 ? z : 0.2 * z))
})

reading('layers that only reshape, or only act in training', async () => {
  const model = sequential(
    layers.dropout({rate: 0.5, inputShape: [2, 3, 2]}),
    layers.flatten(),
    dense(6, {activation: 'relu', name: 'first'}),
    layers.reshape({targetShape: [3, 2]}),
    layers.gaussianNoise({stddev: 1}),
    layers.gaussianDropout({rate: 0.3}),
    layers.alphaDropout({rate: 0.3}),
    layers.reshape({targetShape: [6]}),
    dense(4, {activation: 'relu', name: 'second'}),
    dense(1),
  )
  assert.equal(readNetwork(model).inputShape, [2, 3, 2])
  await hasOutputs(model, [outputOf(model, 'first'), outputOf(model, 'second')])
})

reading('nested models, sequential and functional, as the first layer and later', async () => {
  const input = tf.input({shape: [4]})
  const inside = dense(5, {activation: 'relu', name: 'a'}).apply(input) as tf.SymbolicTensor
  const functional = tf.model({inputs: input, outputs: inside})
  const nested = sequential(dense(6, {activation: 'relu', inputShape: [5], name: 'b'}), dense(3))
  const model = tf.sequential({layers: [functional, nested, layers.reLU({name: 'c'}), dense(1)]})
  assert.equal(kinked(model), [
    ['a', 5],
    ['b', 6],
    ['c', 3],
  ])
  const points = tf.randomNormal([5, 4], 0, 1, 'float32', 9)
  const found = await preActivationsOf(model, points)
  const [a, b, c] = ['a', 'b', 'c'].map((_, l) => found[l]!.map((z) => Math.max(z, 0)))
  const first = functional.predict(points) as tf.Tensor
  const second = (nested.layers[0]!.apply(first) as tf.Tensor) ?? first
  const third = (nested.predict(first) as tf.Tensor).relu()
  near(a!, await first.data(), {relative: 1e-5, scale: 1, label: 'a'})
  near(b!, await second.data(), {relative: 1e-5, scale: 1, label: 'b'})
  near(c!, await third.data(), {relative: 1e-5, scale: 1, label: 'c'})
})

reading('a model inside a model inside a model', () => {
  const innermost = sequential(dense(3, {activation: 'relu', inputShape: [3], name: 'deep'}))
  const middle = sequential(dense(3, {inputShape: [2]}))
  middle.add(innermost)
  const model = sequential(dense(2, {inputShape: [2], activation: 'relu', name: 'top'}))
  model.add(middle)
  model.add(dense(1))
  assert.equal(kinked(model), [
    ['top', 2],
    ['deep', 3],
  ])
})

reading('a model called twice, and a shared layer: each call is a layer of its own', async () => {
  const shared = dense(3, {activation: 'relu', name: 'shared'})
  const block = sequential(dense(3, {activation: 'relu', inputShape: [3], name: 'block'}))
  const input = tf.input({shape: [3]})
  const calls = [shared, block, shared, block]
  const outputs: tf.SymbolicTensor[] = []
  for (const call of calls) {
    outputs.push(call.apply(outputs.at(-1) ?? input) as tf.SymbolicTensor)
  }
  const model = tf.model({inputs: input, outputs: dense(1).apply(outputs.at(-1)!) as never})
  assert.equal(
    kinked(model),
    ['shared', 'block', 'shared', 'block'].map((name) => [name, 3]),
  )
  await hasOutputs(model, outputs)
})

reading('a model that is called with one of its own inner values', async () => {
  const input = tf.input({shape: [3]})
  const once = dense(3, {activation: 'relu', name: 'once'}).apply(input) as tf.SymbolicTensor
  const block = tf.model({inputs: input, outputs: once})
  const twice = block.apply(once) as tf.SymbolicTensor
  const model = tf.model({inputs: input, outputs: dense(1).apply(twice) as tf.SymbolicTensor})
  assert.equal(kinked(model), [
    ['once', 3],
    ['once', 3],
  ])
  await hasOutputs(model, [once, twice])
})

reading('what follows the last kink is left off, whatever it is', () => {
  for (const tail of [
    [dense(2, {activation: 'softmax'})],
    [dense(2, {activation: 'sigmoid'})],
    [dense(2, {activation: 'tanh'}), layers.dropout({rate: 0.5})],
    [dense(2), layers.softmax()],
    [dense(2), layers.activation({activation: 'softmax'}), layers.reshape({targetShape: [2, 1]})],
    [dense(4), dense(3), dense(2)],
    [],
  ]) {
    const body = dense(5, {activation: 'relu', inputShape: [3], name: 'kept'})
    const network = readNetwork(sequential(body, ...tail))
    assert.equal(
      network.layers.map(({name}) => name),
      ['kept'],
    )
    assert.is(network.steps.length, 2)
  }
})

reading('a kinked output counts: a layer counts by having a kink', () => {
  const model = sequential(dense(5, {inputShape: [3]}), dense(2, {activation: 'relu', name: 'out'}))
  assert.equal(kinked(model), [['out', 2]])
})

reading('a network without kinks has no layers', () => {
  const network = readNetwork(sequential(dense(5, {inputShape: [3]}), dense(2)))
  assert.equal([network.layers, network.steps], [[], []])
})

reading('a model that was saved and loaded', async () => {
  const model = sequential(
    layers.batchNormalization({inputShape: [3]}),
    dense(5, {activation: 'relu', name: 'a', useBias: false}),
    dense(4),
    layers.leakyReLU({alpha: 0.1, name: 'b'}),
    dense(2, {activation: 'softmax'}),
  )
  let artifacts: tf.io.ModelArtifacts | undefined
  await model.save(
    tf.io.withSaveHandler(async (saved) => {
      artifacts = saved
      return {modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(saved)}
    }),
  )
  const loaded = await tf.loadLayersModel(tf.io.fromMemory(artifacts!))
  assert.equal(readNetwork(loaded).layers, readNetwork(model).layers)
  const points = [[0.3, -2, 1]]
  const [found, expected] = [
    await preActivationsOf(loaded, points),
    await preActivationsOf(model, points),
  ]
  assert.equal(found, expected)
})

reading('the weights are live, and reading keeps no tensor', async () => {
  const model = sequential(dense(4, {activation: 'relu', inputShape: [2]}), dense(1))
  const before = tf.memory().numTensors
  readNetwork(model)
  assert.is(tf.memory().numTensors, before)
})

/** Asserts that a model is refused, and that the message names the layer, its class and the reason. */
function refuses(model: unknown, layer: string, layerClass: string, ...texts: string[]): void {
  try {
    readNetwork(model as tf.LayersModel)
  } catch (error) {
    assert.instance(error, UnsupportedLayerError)
    const refused = error as UnsupportedLayerError
    assert.is(refused.name, 'UnsupportedLayerError')
    assert.is(refused.layer, layer)
    assert.is(refused.layerClass, layerClass)
    for (const text of [`layer "${layer}" (${layerClass}): `, '; supported are ', ...texts]) {
      assert.ok(refused.message.includes(text), `${refused.message}: no ${JSON.stringify(text)}`)
    }
    return
  }
  assert.unreachable(`${layer} (${layerClass}) is not refused`)
}

const before = () => dense(4, {activation: 'relu', inputShape: [3]})

refusing('layer classes that are not known, each by name', () => {
  const refused: [tf.layers.Layer, string][] = [
    [layers.lstm({units: 3, name: 'odd', inputShape: [5, 2]}), 'LSTM'],
    [layers.simpleRNN({units: 3, name: 'odd', inputShape: [5, 2]}), 'SimpleRNN'],
    [layers.layerNormalization({name: 'odd', inputShape: [3]}), 'LayerNormalization'],
    [layers.embedding({inputDim: 5, outputDim: 2, name: 'odd', inputShape: [3]}), 'Embedding'],
    [layers.thresholdedReLU({theta: 0.5, name: 'odd', inputShape: [3]}), 'ThresholdedReLU'],
    [layers.conv3d({filters: 1, kernelSize: 2, name: 'odd', inputShape: [3, 3, 3, 1]}), 'Conv3D'],
    [layers.repeatVector({n: 2, name: 'odd', inputShape: [3]}), 'RepeatVector'],
    [layers.masking({name: 'odd', inputShape: [4, 3]}), 'Masking'],
  ]
  for (const [layer, layerClass] of refused) {
    const model = sequential(layer)
    if (model.outputs[0]!.shape.length > 2) model.add(layers.flatten())
    model.add(dense(1))
    refuses(model, 'odd', layerClass, 'its class is not supported', 'Dense', 'BatchNormalization')
  }
})

refusing('a merge that is not supported', () => {
  const input = tf.input({shape: [3]})
  const branch = dense(3, {activation: 'relu'}).apply(input) as tf.SymbolicTensor
  const product = layers.multiply({name: 'gate'}).apply([input, branch]) as tf.SymbolicTensor
  const model = tf.model({inputs: input, outputs: dense(1).apply(product) as tf.SymbolicTensor})
  refuses(model, 'gate', 'Multiply', 'its class is not supported', 'Add', 'Concatenate')
})

refusing('a layer inside a nested model', () => {
  const nested = sequential(layers.layerNormalization({name: 'odd', inputShape: [3]}))
  refuses(sequential(dense(3, {inputShape: [2]}), nested), 'odd', 'LayerNormalization')
})

refusing('smooth activations inside the network', () => {
  for (const activation of ['tanh', 'sigmoid', 'elu', 'softplus', 'swish', 'softmax'] as const) {
    const model = sequential(before(), dense(3, {activation, name: 'bent'}), dense(2))
    refuses(model, 'bent', 'Dense', `smooth activation '${activation}'`)
  }
  const asLayer = sequential(before(), layers.activation({activation: 'tanh', name: 'x'}), dense(2))
  refuses(asLayer, 'x', 'Activation', "'tanh'")
  refuses(sequential(before(), layers.softmax({name: 'x'}), dense(2)), 'x', 'Softmax', "'softmax'")
})

refusing('a smooth layer inside the network', () => {
  refuses(sequential(before(), layers.elu({name: 'x'}), dense(2)), 'x', 'ELU', "'elu'")
})

refusing('settings that are not supported, with what they are', () => {
  const image = {inputShape: [4, 4, 2], name: 'x'}
  const channelsFirst = {dataFormat: 'channelsFirst' as const, ...image}
  for (const [layer, layerClass, text] of [
    [layers.conv2d({filters: 2, kernelSize: 2, ...channelsFirst}), 'Conv2D', '"channelsFirst"'],
    [layers.maxPooling2d({poolSize: 2, ...channelsFirst}), 'MaxPooling2D', '"channelsFirst"'],
    [layers.batchNormalization({axis: 1, ...image}), 'BatchNormalization', 'axis 1'],
    [layers.leakyReLU({alpha: Number.NaN, ...image}), 'LeakyReLU', 'slope alpha'],
    [layers.reLU({maxValue: -1, ...image}), 'ReLU', 'maxValue above 0, got -1'],
  ] as const) {
    const model = sequential(
      layer as tf.layers.Layer,
      layers.flatten(),
      dense(1, {activation: 'relu'}),
    )
    refuses(model, 'x', layerClass, text)
  }
})

refusing('several inputs or outputs', () => {
  const [a, b] = [tf.input({shape: [2]}), tf.input({shape: [2]})]
  const joined = layers.concatenate().apply([a, b]) as tf.SymbolicTensor
  const two = tf.model({inputs: [a, b], outputs: joined, name: 'two'})
  refuses(two, 'two', 'model', '2 inputs and 1 outputs')
  const heads = [dense(1).apply(a), dense(1).apply(a)] as tf.SymbolicTensor[]
  const fork = tf.model({inputs: a, outputs: heads, name: 'fork'})
  refuses(fork, 'fork', 'model', '1 inputs and 2 outputs')
})

refusing('what is no layers model', () => {
  refuses({executor: {}, name: 'graph', inputs: [], outputs: []}, 'graph', 'GraphModel')
  for (const [value, text] of [
    [null, 'null'],
    [undefined, 'undefined'],
    [7, 'number'],
    ['model.json', 'string'],
  ] as const) {
    refuses(value, 'model', 'none', `got ${text}`)
  }
  refuses({}, 'model', 'model', 'expected a built tf.LayersModel')
  refuses(tf.sequential({name: 'empty'}), 'empty', 'model')
})

refusing('an input of unknown length', () => {
  const input = tf.input({shape: [null, 3], name: 'open'})
  const output = layers.reLU().apply(input) as tf.SymbolicTensor
  refuses(tf.model({inputs: input, outputs: output}), 'open', 'InputLayer', 'fixed')
})

reading.run()
refusing.run()
