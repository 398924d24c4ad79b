import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {describeBackend} from '../../../callbacks/describe-backend.js'
import {coarseProducts, float32Roundoff, measureRoundoff} from '../../../src/forward/rounding.js'
import {
  distanceToBoundary,
  measureNetwork,
  methods,
  type Network,
  preactivationBounds,
  readNetwork,
} from '../../../src/index.js'
import {backends, useBackend} from '../../support/backends.js'
import {multiplyCoarsely, toTenBits} from '../../support/coarse-products.js'
import {draws} from '../../support/draw.js'
import {mlp64, mlpModel, randomMlp} from '../../support/mlp.js'
import {near} from '../../support/near.js'
import {evaluate} from '../../support/network64.js'
import {refineChains} from '../../support/refine-checks.js'
import {randomPoints, searchBall} from '../../support/samples.js'
import {keepsTensors} from '../../support/tensors.js'

const test = suite('products in TF32, imitated')
const random = draws('tf32')
const mlp = randomMlp(random, [12, 24, 24, 24])
const truth = mlp64(mlp)
const centers = randomPoints(random, 6, 12)
let network: Network
let restore: () => void

test.before(async () => {
  await useBackend('cpu')
  network = readNetwork(mlpModel(mlp))
  restore = multiplyCoarsely()
})
test.after(() => restore())

test('ten bits are kept', () => {
  assert.is(toTenBits(1 + 2 ** -10), 1 + 2 ** -10)
  assert.is(toTenBits(1 + 2 ** -12), 1)
  assert.is(toTenBits(-3 - 2 ** -11), -3)
})

test('the round-off is found', async () => {
  const roundoff = await keepsTensors(measureRoundoff)
  assert.ok(roundoff > 2 ** -11.01 && roundoff <= 2 ** -11, `2^${Math.log2(roundoff)}`)
})

test('bounds of every method hold all the same, where float32 would have been trusted too far', async () => {
  let beyondFloat32 = 0
  for (const radius of [1e-5, 1e-3, 0.1]) {
    for (const method of methods) {
      const {lower, upper} = await keepsTensors(() =>
        preactivationBounds(network, centers, radius, {method}),
      )
      centers.forEach((center, c) => {
        const points = [Float64Array.from(center), ...searchBall(random, truth, center, radius, 20)]
        for (const x of points) {
          evaluate(truth, x).layers.forEach(({read}, l) => {
            read.forEach(([value], unit) => {
              const at = c * read.length + unit
              const label = `${method}, r = ${radius}, layer ${l}, unit ${unit}`
              const [low, up] = [lower[l]![at]!, upper[l]![at]!]
              assert.ok(low <= value! && value! <= up, label)
              if (radius === 1e-5 && Math.abs(value! - (low + up) / 2) > 1e-4) beyondFloat32++
            })
          })
        }
      })
    }
  }
  assert.ok(beyondFloat32 > 100, `${beyondFloat32}`)
})

test('units that may change within rounding are unstable, and distances are near', async () => {
  const radius = new Float64Array(centers.length).fill(1e-6)
  const {bounds} = await measureNetwork(network, centers, {
    methods: ['combined'],
    radii: [{rule: '1e-6', radius}],
  })
  const wide = bounds[0]!.unstable.flatMap((layer) => [...layer]).reduce((a, b) => a + b)
  const found = await distanceToBoundary(network, centers)
  restore()
  try {
    const fine = await measureNetwork(network, centers, {
      methods: ['combined'],
      radii: [{rule: '1e-6', radius}],
    })
    const few = fine.bounds[0]!.unstable.flatMap((layer) => [...layer]).reduce((a, b) => a + b)
    assert.ok(wide > few, `${wide} instead of ${few}`)
    near(found.distance, (await distanceToBoundary(network, centers)).distance, {
      relative: 0.05,
      scale: 0.05,
    })
  } finally {
    restore = multiplyCoarsely()
  }
})

// Seed 9 once lost a region: a decided unit's range was narrowed by its rounding.
test('refined bounds hold', () => refineChains('backend', 12))

test('it is said loudly, once where it is known', async () => {
  const said: string[] = []
  const {warn} = console
  console.warn = (text: string) => void said.push(text)
  try {
    const {environment} = await describeBackend({gflops: 1})
    assert.match(
      said.join(),
      /^linear-regions: cpu rounds matrix products to 2\^-11, .* TF32: bounds are widened/,
    )
    assert.ok((environment as {roundoff: number}).roundoff > 2 ** -12)
    await describeBackend(environment)
    assert.is(said.length, 1)
  } finally {
    console.warn = warn
  }
  assert.is(coarseProducts('cpu', float32Roundoff), undefined)
})

// Native TensorFlow has no kernels in JavaScript that could be replaced.
if (backends.includes('cpu')) test.run()
else {
  const elsewhere = suite('products in TF32, imitated')
  elsewhere.skip('needs plain JavaScript', () => undefined)
  elsewhere.run()
}
assert.type(tf.getKernel, 'function')
