import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {countRegions, readNetwork, sphereBound} from '../../../src/index.js'
import {useBackend} from '../../support/backends.js'
import {draws} from '../../support/draw.js'
import {mlpModel, randomMlp} from '../../support/mlp.js'
import {refineChains, refineImages, refineLayersOfEveryType} from '../../support/refine-checks.js'
import {rejects} from '../../support/rejects.js'
import {randomPoints} from '../../support/samples.js'
import {keepsTensors} from '../../support/tensors.js'

const test = suite('refined bounds')
test.before(() => useBackend('cpu'))

// Hyperplanes that meet in one corner: ties of a minimum, layers without biases, kinks at the same value.
const corners = [40, 178, 438, 670, 686, 928, 1184, 1215]
test('two inputs, layers of every type', () => refineLayersOfEveryType('host', 25, corners))
test('chains of 1 to 5 inputs', () => refineChains('host', 40))
test('the same on the backend', async () => {
  await refineLayersOfEveryType('backend', 15)
  await refineChains('backend', 20)
})
// 154: many units of one hyperplane.
test('images, and as many inputs', () => refineImages(12, [154]))

const network = readNetwork(mlpModel(randomMlp(draws('refine'), [3, 6, 6])))

const many = readNetwork(mlpModel(randomMlp(draws('refine many'), [8, 9, 9])))
const centersOf = (size: number) => randomPoints(draws(`refine ${size}`), 2, size)

for (const [inputs, own] of [
  [3, network],
  [8, many],
] as const) {
  const centers = centersOf(inputs)
  const [center] = centers as [number[]]

  test(`${inputs} inputs: leaves no tensor`, async () => {
    await keepsTensors(async () => {
      await sphereBound(own, [center], 0.5, {refine: {cells: 20}})
    })
  })

  test(`${inputs} inputs: each center has its own budget, and its own radius`, async () => {
    const radius = [0.5, 0.9]
    const together = await sphereBound(own, centers, radius, {refine: {cells: 9}})
    for (const [c, other] of centers.entries()) {
      const alone = await sphereBound(own, [other], radius[c]!, {refine: {cells: 9}})
      assert.ok(Math.abs(together.log2Regions[c]! - alone.log2Regions[0]!) < 1e-9)
    }
  })

  test(`${inputs} inputs: a budget in time ends, and one that is over at once adds little`, async () => {
    const whole = await sphereBound(own, [center], 0.5)
    const none = await sphereBound(own, [center], 0.5, {refine: {ms: 1e-9}})
    assert.ok(none.log2Regions[0]! <= whole.log2Regions[0]!)
    const long = await sphereBound(own, [center], 0.5, {refine: {ms: 1e6}})
    assert.ok(long.log2Regions[0]! < whole.log2Regions[0]!)
    const {regions} = await countRegions(own, center, 0.5)
    assert.ok(Math.abs(long.log2Regions[0]! - Math.log2(regions)) < 1e-9)
  })
}

test('the counting and the method hold for many inputs too', async () => {
  const centers = centersOf(8)
  const flats = await sphereBound(many, centers, 0.5, {refine: {cells: 4}})
  for (const options of [
    {counting: 'product'},
    {method: 'interval'},
    {method: 'spectral'},
  ] as const) {
    const whole = await sphereBound(many, centers, 0.5, options)
    const refined = await sphereBound(many, centers, 0.5, {...options, refine: {cells: 4}})
    refined.log2Regions.forEach((bits, c) => {
      assert.ok(bits <= whole.log2Regions[c]!)
      assert.ok(bits >= flats.log2Regions[c]! - 1e-9)
    })
  }
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
