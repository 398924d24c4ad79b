import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {readNetwork, sphereBound} from '../../../src/index.js'
import {useBackend} from '../../support/backends.js'
import {draws} from '../../support/draw.js'
import {mlpModel, randomMlp} from '../../support/mlp.js'
import {refineChains, refineLayersOfEveryType} from '../../support/refine-checks.js'
import {rejects} from '../../support/rejects.js'
import {keepsTensors} from '../../support/tensors.js'

const test = suite('refined bounds')
test.before(() => useBackend('cpu'))

// Hyperplanes that meet in one corner: ties of a minimum, layers without biases, kinks at the same value.
const corners = [40, 178, 438, 670, 686, 928, 1184, 1215]
test('two inputs, layers of every type', () => refineLayersOfEveryType(25, corners))
test('chains of 1 to 5 inputs', () => refineChains(40))

const network = readNetwork(mlpModel(randomMlp(draws('refine'), [3, 6, 6])))

test('leaves no tensor', async () => {
  await keepsTensors(async () => {
    await sphereBound(network, [[0.1, 0.2, 0.3]], 0.5, {refine: {cells: 20}})
  })
})

test('each center has its own budget, and its own radius', async () => {
  const centers = [
    [0.1, 0.2, 0.3],
    [-0.3, 0.5, 0],
  ]
  const radius = [0.5, 0.9]
  const together = await sphereBound(network, centers, radius, {refine: {cells: 9}})
  for (const [c, center] of centers.entries()) {
    const alone = await sphereBound(network, [center], radius[c]!, {refine: {cells: 9}})
    assert.ok(Math.abs(together.log2Regions[c]! - alone.log2Regions[0]!) < 1e-9)
  }
})

test('a budget in time ends, and one that is over at once changes nothing', async () => {
  const whole = await sphereBound(network, [[0.1, 0.2, 0.3]], 0.5)
  const none = await sphereBound(network, [[0.1, 0.2, 0.3]], 0.5, {refine: {ms: 1e-9}})
  assert.ok(none.log2Regions[0]! <= whole.log2Regions[0]!)
  const long = await sphereBound(network, [[0.1, 0.2, 0.3]], 0.5, {refine: {ms: 1e6}})
  assert.ok(long.log2Regions[0]! < whole.log2Regions[0]!)
})

test('a wrong budget is refused', async () => {
  const refine = (given: unknown) =>
    sphereBound(network, [[0, 0, 0]], 1, {refine: given as {cells: number}})
  await rejects(refine({}), 'refine: expected {cells}, {ms} or both, got {}')
  await rejects(refine(64), 'refine: expected {cells}, {ms} or both, got 64')
  await rejects(refine(null), 'refine: expected {cells}, {ms} or both, got null')
  await rejects(refine({cell: 3}), 'refine: expected {cells}, {ms} or both, got {"cell":3}')
  await rejects(refine({cells: 0}), 'refine.cells: expected a whole number of at least 1, got 0')
  await rejects(refine({ms: 'long'}), 'refine.ms: expected a number above 0, got "long"')
})

test.run()
