import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {
  methods,
  type Network,
  observedPatterns,
  preactivationBounds,
  readNetwork,
  sphereBound,
} from '../../../src/index.js'
import {backends, useBackend} from '../../support/backends.js'
import {type Draw, draws} from '../../support/draw.js'

/** Layers of weights, `[in, out]` each, without biases; all but the last are followed by their activation. */
function network(
  kernels: readonly (readonly (readonly number[])[])[],
  activation: 'relu' | 'relu6' | 'leaky',
): Network {
  const layers = kernels.flatMap((kernel, k) => {
    const dense = tf.layers.dense({
      units: kernel[0]!.length,
      useBias: false,
      ...(k === 0 && {inputShape: [kernel.length]}),
      ...(k < kernels.length - 1 && activation !== 'leaky' && {activation}),
    })
    const leaks = k < kernels.length - 1 && activation === 'leaky'
    return leaks ? [dense, tf.layers.leakyReLU({alpha: -0.3})] : [dense]
  })
  const model = tf.sequential({layers})
  const dense = model.layers.filter((layer) => layer.getClassName() === 'Dense')
  kernels.forEach((kernel, k) => {
    dense[k]!.setWeights([tf.tensor2d(kernel as number[][])])
  })
  return readNetwork(model)
}

const heNormal = (random: Draw, [inputs, outputs]: readonly [number, number]) =>
  Array.from({length: inputs}, () =>
    [...random.normals(outputs)].map((w) => w * Math.sqrt(2 / inputs)),
  )

for (const backend of backends) {
  const test = suite(`bounds that leave float32 on ${backend}`)
  test.before(() => useBackend(backend))

  for (const activation of ['relu', 'leaky', 'relu6'] as const) {
    test(`${activation}: a unit of which nothing is known may change`, async () => {
      const own = network([[[1e20, -1e20]], [[1e20], [-1e20]], [[1]]], activation)
      for (const method of methods) {
        const {unstable, log2Regions} = await sphereBound(own, [[1e-5]], 1, {method})
        assert.equal([unstable[0]![0], unstable[1]![0]], [2, 1], method)
        assert.ok(log2Regions[0]! >= 1, `${method}: ${log2Regions[0]}`)
        const {lower, upper} = await preactivationBounds(own, [[1e-5]], 1, {method})
        assert.ok(lower[1]![0]! < 0 && upper[1]![0]! > 0, `${method}: ${lower[1]}, ${upper[1]}`)
      }
    })
  }

  test('many layers, whose intervals grow beyond any number', async () => {
    const random = draws('overflow')
    const sizes = [8, ...new Array<number>(110).fill(24), 1]
    const kernels = sizes.slice(1).map((size, k) => heNormal(random, [sizes[k]!, size]))
    const own = network(kernels, 'relu')
    const points = [[...random.normals(8)]]
    const {patterns} = await observedPatterns(own, points, 1, {samples: 64})
    for (const method of ['interval', 'crown'] as const) {
      const {unstable, log2Regions} = await sphereBound(own, points, 1, {method})
      patterns.forEach((seen, p) => {
        assert.ok(log2Regions[p]! >= Math.log2(seen), `${method}: ${log2Regions[p]}, ${seen} seen`)
      })
      // Nothing narrows the ball on its way: as many units as ever are unstable at the end.
      if (method === 'interval') assert.equal([...unstable.at(-1)!], [24])
    }
  })

  test('a radius beyond float32', async () => {
    const random = draws('radius')
    const own = network(
      [heNormal(random, [2, 4]), heNormal(random, [4, 3]), [[1], [1], [1]]],
      'relu',
    )
    for (const method of methods) {
      const {unstable} = await sphereBound(own, [[0.1, 0.2]], 1e39, {method})
      assert.equal([unstable[0]![0], unstable[1]![0]], [4, 3], method)
    }
  })

  test.run()
}
