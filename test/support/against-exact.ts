import * as assert from 'uvu/assert'
import {
  type Bounds,
  countings,
  countRegions,
  distanceToBoundary,
  measureNetwork,
  methods,
  type Network,
  readNetwork,
} from '../../src/index.js'
import {type Draw, draws} from './draw.js'
import {countRegions2d} from './exact-regions.js'
import {mlpModel, randomMlp} from './mlp.js'
import {forRandomNetworks} from './random-network.js'
import {randomPoints} from './samples.js'

const centersEach = 2

/** Every method and counting on balls of two inputs, layers of every type, against the exact count. */
export async function layersOfEveryType(count: number): Promise<void> {
  await forRandomNetworks(count, {inputShapes: [[2]]}, async ({model, network64}, random) => {
    const network = readNetwork(model)
    const centers = randomPoints(random, centersEach, 2)
    const radii = await radiiOf(network, centers, random)
    const exact = radii.map((radius) =>
      centers.map((center, c) => countRegions2d(network64, center, radius[c]!)),
    )
    await neverBelow(network, centers, radii, exact)
  })
}

/** The same for chains of 1 to 6 inputs, up to 4 layers and slopes of every kind; `first` is the first seed. */
export async function chains(count: number, first = 1): Promise<void> {
  const only = process.env.SEED
  const seeds = only ? [Number(only)] : Array.from({length: count}, (_, k) => first + k)
  for (const seed of seeds) {
    const random = draws(`chain ${seed}`)
    const inputs = random.whole(1, 6)
    const widths = [inputs, ...Array.from({length: random.whole(1, 4)}, () => random.whole(1, 9))]
    const slope = random.pick([0, 0, 0, 0.1, -0.4, 1.5])
    const model = mlpModel(randomMlp(random, widths, slope))
    const network = readNetwork(model)
    const centers = randomPoints(random, centersEach, inputs)
    const radii = await radiiOf(network, centers, random)
    const label = `SEED=${seed} ([${widths}], slope ${slope})`
    const exact: number[][] = []
    for (const radius of radii) {
      const counted = centers.map((center, c) =>
        // What is not counted to its end is a lower bound still.
        countRegions(network, center, radius[c]!, {limit: 300}),
      )
      exact.push((await Promise.all(counted)).map(({regions}) => regions))
    }
    await neverBelow(network, centers, radii, exact, label)
    model.dispose()
  }
}

/** A ball that reaches a boundary or two, and larger ones. */
async function radiiOf(network: Network, centers: readonly number[][], random: Draw) {
  const {distance} = await distanceToBoundary(network, centers)
  const scale = random.between(0.3, 3)
  return [1.05, 3 * scale, 12 * scale].map((factor) =>
    distance.map((d) => (Number.isFinite(d) && d > 1e-4 ? d * factor : 0.1 * factor)),
  )
}

async function neverBelow(
  network: Network,
  centers: readonly number[][],
  radii: readonly Float64Array[],
  exact: readonly (readonly number[])[],
  label = '',
): Promise<void> {
  const {bounds} = await measureNetwork(network, centers, {
    methods,
    countings,
    radii: radii.map((radius, k) => ({rule: `${k}`, radius})),
  })
  for (const {method, counting, rule, log2Regions} of bounds) {
    exact[Number(rule)]!.forEach((regions, c) => {
      const own = `${label} ${method}, ${counting}, center ${c}, radius ${radii[Number(rule)]![c]}`
      const bits = log2Regions[c]!
      assert.ok(Math.log2(regions) <= bits + 1e-9, `${own}: ${bits} bits for ${regions} regions`)
    })
  }
  const of = (bound: Bounds, counting: string) =>
    bounds.find((other) => {
      const same = other.method === bound.method && other.rule === bound.rule
      return same && other.counting === counting
    })!
  for (const flats of bounds.filter(({counting}) => counting === 'flats')) {
    const product = of(flats, 'product')
    flats.log2Regions.forEach((bits, c) => {
      const most = product.log2Regions[c]!
      // Sums in another order may differ in their last bit.
      const fits = bits <= most * (1 + 4 * Number.EPSILON)
      assert.ok(fits, `${label} ${flats.method}: flats, ${bits}, above product, ${most}`)
    })
  }
}
