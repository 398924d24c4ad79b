import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {controlNames} from '../../../scripts/experiments/controls.js'
import {trainingsOf} from '../../../scripts/experiments/grid.js'
import {type Preset, presets} from '../../../scripts/experiments/presets.js'

const test = suite('trainingsOf')
const small: Preset = {
  ...presets.standard,
  depth: [1, 2, 4],
  width: [8, 64, 16],
  controls: controlNames,
  seeds: [5, 7],
}

test('MLPs by depth and width, then the controls, each with all seeds', () => {
  const trainings = trainingsOf(small, 'images')
  const names = [...new Set(trainings.map(({name}) => name))]
  assert.equal(names, [
    ...['mlp-8x1', 'mlp-64x1', 'mlp-16x1', 'mlp-8x2', 'mlp-64x2', 'mlp-16x2'],
    ...['mlp-8x4', 'mlp-64x4', 'mlp-16x4', 'mlp-16x2-sgd', 'mlp-16x2-shuffled-labels'],
    ...['mlp-16x2-weight-decay', 'cnn', 'cnn-batch-norm'],
  ])
  assert.equal(
    trainings.map(({seed}) => seed),
    names.flatMap(() => [5, 7]),
  )
  assert.is(trainingsOf(presets.standard, '').length, (16 + 5) * 3)
})

test('a control changes one thing of the middle MLP', () => {
  const of = (name: string) =>
    trainingsOf(small, 'images').find((training) => training.name === name)!.experiment
  const middle = of('mlp-16x2')
  assert.equal(middle.network, {kind: 'mlp', depth: 2, width: 16})
  assert.is(middle.optimizer, 'adam')
  assert.is(middle.labels, 'true')
  assert.is(middle.weightDecay, 0)
  const sgd = {optimizer: 'sgd', learningRate: small.sgdLearningRate}
  assert.equal(of('mlp-16x2-sgd'), {...middle, ...sgd})
  assert.equal(of('mlp-16x2-shuffled-labels'), {...middle, labels: 'shuffled'})
  assert.equal(of('mlp-16x2-weight-decay'), {...middle, weightDecay: small.weightDecay})
  const cnn = {kind: 'cnn', batchNormalization: true}
  assert.equal(of('cnn-batch-norm'), {
    ...middle,
    network: cnn,
    radii: small.cnnRadii,
    chosenMeasures: [],
  })
  assert.equal(of('mlp-8x2').chosenMeasures, [])
  assert.equal(middle.chosenMeasures, small.chosenMeasures)
})

test('the first seed of the middle MLP and of its controls is saved', () => {
  const saved = trainingsOf({...small, width: [8, 1, 10], depth: [1, 10]}, '')
    .filter(({saved}) => saved)
    .map(({name, seed}) => [name, seed])
  assert.equal(saved, [
    ['mlp-8x10', 5],
    ['mlp-8x10-sgd', 5],
    ['mlp-8x10-shuffled-labels', 5],
    ['mlp-8x10-weight-decay', 5],
  ])
})

test('quick has MLPs alone: WebAssembly, which it is for, does not train convolutions', () => {
  const kinds = trainingsOf(presets.quick, '').map(({experiment}) => experiment.network.kind)
  assert.ok(kinds.every((kind) => kind === 'mlp'))
})

test.run()
