import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {native64} from '../../../src/forward/native64.js'
import {
  type Method,
  type Network,
  preactivationBounds,
  readNetwork,
  sphereBound,
} from '../../../src/index.js'
import {type Program, readProgram} from '../../../src/program/program.js'
import {useBackend} from '../../support/backends.js'
import {denseModel, denseTwin} from '../../support/dense-twins.js'
import {draws} from '../../support/draw.js'
import {type Specimen, zoo} from '../../support/layer-zoo.js'
import {near} from '../../support/near.js'

const seed = 11
const radii = [0.05, 0.6]

await useBackend('cpu')

/** Whether the layers follow each other, each used once, and none is a maximum. */
function isChain({layers}: tf.LayersModel): boolean {
  return layers.every(
    (layer) =>
      layer.inboundNodes.length === 1 &&
      !Array.isArray(layer.input) &&
      !/Pooling/.test(layer.getClassName().replace(/Average/, '')) &&
      !('layers' in layer),
  )
}

/** Whether every affine map is followed by a kink: where two follow each other, intervals lose by it. */
function alternates({instructions}: Program): boolean {
  return instructions.every(
    (item) =>
      item.kind === 'kink' ||
      item.inputs.every((value) => instructions[value - 1]?.kind !== 'affine'),
  )
}

async function boundsOf(network: Network, centers: number[][], radius: number, method: Method) {
  const {lower, upper} = await preactivationBounds(network, centers, radius, {method})
  const {unstable} = await sphereBound(network, centers, radius, {method})
  return {lower, upper, unstable}
}

/** Too large to be written out, so that its norm is a bound, and of one sign, so that this is nearly met. */
const largeConvolution: Specimen = {
  name: 'conv2d with a bound on its norm',
  inputShape: [10, 10, 3],
  build: (seed) => {
    const conv = (strides: number) =>
      tf.layers.conv2d({
        filters: 3,
        kernelSize: 3,
        strides,
        padding: 'same',
        activation: 'relu',
        kernelInitializer: tf.initializers.randomUniform({minval: 0.1, maxval: 0.2, seed}),
      })
    const input = tf.layers.inputLayer({inputShape: [10, 10, 3]})
    return tf.sequential({layers: [input, conv(1), conv(2)]})
  },
}

let compared = 0
for (const specimen of [...zoo, largeConvolution]) {
  const model = specimen.build(seed)
  const network = readNetwork(model)
  const program = await readProgram(network)
  const twin = denseTwin(program)
  const random = draws(`${specimen.name}/${seed}`)
  const size = specimen.inputShape.reduce((a, b) => a * b, 1)
  const centers = Array.from({length: 2}, () =>
    Array.from({length: size}, () => random.between(-1.5, 1.5)),
  )
  if (!twin) {
    program.dispose()
    continue
  }
  compared++
  const test = suite(`${specimen.name}, unrolled`)

  for (const method of ['interval', 'crown'] as const) {
    test(`${method} equals that of the same maps as matrices`, async () => {
      // a twin that runs in float64 has less room for rounding
      await same(method, twin, native64() ? 6 : 0.1)
    })
    if (alternates(program) && isChain(model)) {
      test(`${method} equals that of dense layers made of tf's own outputs`, async () => {
        // a longer row has more room for rounding
        await same(method, readNetwork(denseModel(model)), 3)
      })
    }
  }

  test('spectral is never narrower than with the exact norms of the matrices', async () => {
    for (const radius of radii) {
      const own = await boundsOf(network, centers, radius, 'spectral')
      const dense = await boundsOf(twin, centers, radius, 'spectral')
      own.lower.forEach((lower, l) => {
        lower.forEach((low, at) => {
          const width = own.upper[l]![at]! - low
          const least = dense.upper[l]![at]! - dense.lower[l]![at]!
          const label = `radius ${radius}, layer ${l}, number ${at}`
          const room = 1e-5 * (1 + Math.abs(low))
          assert.ok(width >= least - room, `${label}: ${width} below ${least}`)
        })
      })
    }
  })

  async function same(method: Method, other: Network, scale: number): Promise<void> {
    for (const radius of radii) {
      const own = await boundsOf(network, centers, radius, method)
      const dense = await boundsOf(other, centers, radius, method)
      own.lower.forEach((lower, l) => {
        const label = `radius ${radius}, layer ${l}`
        const within = {relative: 1e-4, scale}
        near(lower, dense.lower[l]!, {...within, label: `lower, ${label}`})
        near(own.upper[l]!, dense.upper[l]!, {...within, label: `upper, ${label}`})
        assert.equal(own.unstable[l], dense.unstable[l], `unstable, ${label}`)
      })
    }
  }

  test.run()
}

const all = suite('the layers that can be unrolled')
all('are most of the zoo', () => assert.ok(compared >= 25, `${compared} of ${zoo.length}`))
all.run()
