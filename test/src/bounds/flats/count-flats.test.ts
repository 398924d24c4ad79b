import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {boundLayers} from '../../../../src/bounds/bound-layers.js'
import {countRegions} from '../../../../src/bounds/count-regions.js'
import {countFlats} from '../../../../src/bounds/flats/index.js'
import {distanceToBoundary, readNetwork} from '../../../../src/index.js'
import {readPoints} from '../../../../src/points.js'
import {withSession} from '../../../../src/session.js'
import {useBackend} from '../../../support/backends.js'
import {type Draw, draws} from '../../../support/draw.js'
import {countRegions2d} from '../../../support/exact-regions.js'
import {type Mlp, mlp64, mlpModel, randomMlp} from '../../../support/mlp.js'
import {randomPoints} from '../../../support/samples.js'
import {keepsTensors} from '../../../support/tensors.js'

const test = suite('sets of units that can be zero together')
test.before(() => useBackend('cpu'))

/** Of units taken in parts of so many at most. */
const sizes = [2, 3, 256]

for (const method of ['combined', 'crown', 'interval', 'spectral'] as const) {
  const local = method === 'combined' || method === 'crown'

  test(`${method}: units in parts cut a ball into no fewer pieces than there are`, async () => {
    const [some, all] = [new Map<number, number>(), {product: 0}]
    for (let seed = 1; seed <= 60; seed++) {
      const random = draws(`parts ${seed}`)
      const mlp = alignedMlp(random)
      const model = mlpModel(mlp)
      const network = readNetwork(model)
      const centers = [...randomPoints(random, 2, 2), [0, 0]]
      const {distance} = await distanceToBoundary(network, centers)
      const radius = distance.map((d) =>
        d > 1e-3 ? random.between(1.05, 30) * d : random.between(0.05, 0.5),
      )
      const exact = centers.map((center, c) => countRegions2d(mlp64(mlp), center, radius[c]!))
      const points = await readPoints('centers', centers, network.inputShape)
      await keepsTensors(() =>
        withSession(network, points, 2 ** 29, (session) =>
          session.eachChunk('count', async (forward) => {
            const {tools} = session
            const bounds = await boundLayers(tools, forward, radius, method, undefined, false)
            const product = countRegions(tools.program, forward, bounds).log2Regions
            all.product += product.reduce((a, b) => a + b, 0)
            for (const most of sizes) {
              const pieces = await countFlats(tools, forward, radius, bounds, local, [], most)
              const {log2Regions} = countRegions(tools.program, forward, bounds, pieces)
              exact.forEach((regions, c) => {
                const bits = log2Regions[c]!
                const said = `seed ${seed}, center ${c}, parts of ${most}: ${bits} bits`
                assert.ok(Math.log2(regions) <= bits + 1e-9, `${said} for ${regions} regions`)
                assert.ok(bits <= product[c]! * (1 + 4 * Number.EPSILON), `${said} above product`)
                some.set(most, (some.get(most) ?? 0) + bits)
              })
            }
          }),
        ),
      )
      model.dispose()
    }
    // The more units are taken together, the more is known.
    const [pairs, threes, whole] = sizes.map((most) => some.get(most)!)
    assert.ok(
      whole! < threes! && threes! < pairs! && pairs! < all.product,
      `${[whole, threes, pairs, all.product]}`,
    )
  })
}

test('units of several parts that change at once move the next layer', async () => {
  // Eight units bend as x grows, and one stands for y: where all eight are on, two lines cross inside the ball.
  const kinks = Array.from({length: 8}, (_, k) => 0.05 + 0.01 * k)
  const level = 0.85 * kinks.reduce((sum, kink) => sum + 1 - kink, 0)
  const kernel = [...kinks.map(() => [1, 1]), [0, 0.5]]
  const mlp: Mlp = {
    slope: 0,
    layers: [
      {
        kernel: [
          [...kinks.map(() => 1), 0],
          [...kinks.map(() => 0), 1],
        ],
        bias: [...kinks.map((kink) => -kink), 5],
      },
      {kernel, bias: [-level, -level - 2.5]},
    ],
  }
  const model = mlpModel(mlp)
  const network = readNetwork(model)
  const points = await readPoints('centers', [[0, 0]], network.inputShape)
  await withSession(network, points, 2 ** 29, (session) =>
    session.eachChunk('count', async (forward) => {
      const radius = Float64Array.of(1)
      const bounds = await boundLayers(session.tools, forward, radius, 'combined', undefined, false)
      for (const most of [1, 2, 4, 256]) {
        const pieces = await countFlats(session.tools, forward, radius, bounds, true, [], most)
        const bits = pieces[1]![0]!(2)
        assert.ok(bits >= 2, `parts of ${most}: ${bits} bits for 4 pieces`)
      }
    }),
  )
  model.dispose()
})

/**
 * Half of them have units that move together: then those of all parts are as near to their kinks as each. A third has units
 * that are at their kinks where the input is 0.
 */
function alignedMlp(random: Draw): Mlp {
  const depth = random.whole(1, 3)
  const widths = [2, ...Array.from({length: depth}, () => random.whole(3, 8))]
  const mlp = withoutBiases(random, randomMlp(random, widths, random.pick([0, 0, 0.2])))
  if (random.between(0, 1) < 0.5) return mlp
  const [first, ...later] = mlp.layers
  const kernel = first!.kernel.map((row) => row.map(() => row[0]! * random.between(0.95, 1.05)))
  return {...mlp, layers: [{...first!, kernel}, ...later]}
}

function withoutBiases(random: Draw, mlp: Mlp): Mlp {
  if (random.between(0, 1) > 1 / 3) return mlp
  const [first, ...later] = mlp.layers
  const bias = first!.bias.map((own, unit) => (unit % 3 < 2 ? 0 : own))
  return {...mlp, layers: [{...first!, bias}, ...later]}
}

test.run()
