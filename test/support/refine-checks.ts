import * as assert from 'uvu/assert'
import {countRegions, type Network, readNetwork, sphereBound} from '../../src/index.js'
import {refineBounds} from '../../src/refine/index.js'
import {draws} from './draw.js'
import {countRegions2d} from './exact-regions.js'
import {mlpModel, randomMlp} from './mlp.js'
import {forRandomNetworks} from './random-network.js'
import {randomPoints} from './samples.js'

const budgets = [1, 2, 5, 20, 100, 1000]

/** Where cells are bounded. */
export type Place = 'host' | 'backend'

/**
 * Refined bounds of two inputs, layers of every type: monotone, never below the exact count, at the end equal to it.
 *
 * @param seeds to run besides the first `count`
 */
export async function refineLayersOfEveryType(
  place: Place,
  count: number,
  seeds: readonly number[] = [],
): Promise<void> {
  const options = {inputShapes: [[2]], seeds}
  await forRandomNetworks(count, options, async ({model, network64}, random) => {
    const network = readNetwork(model)
    const [center] = randomPoints(random, 1, 2) as [number[]]
    const radius = random.pick([0.05, 0.3, 1])
    await refined(place, network, center, radius, countRegions2d(network64, center, radius))
  })
}

/** The same of 8 to 18 inputs, where that is so by itself, against counts by another way. */
export async function refineImages(count: number, seeds: readonly number[] = []): Promise<void> {
  const options = {inputShapes: [[8], [4, 3, 1], [3, 3, 2]], layers: [2, 4] as const, seeds}
  await forRandomNetworks(count, options, async ({model, inputSize}, random) => {
    const network = readNetwork(model)
    const [center] = randomPoints(random, 1, inputSize) as [number[]]
    const radius = random.pick([0.1, 0.3, 0.6])
    const {regions, complete} = await countRegions(network, center, radius, {limit: 60})
    await refined(undefined, network, center, radius, complete ? regions : undefined)
  })
}

/** The same of chains of 1 to 5 inputs, with slopes of every kind. */
export async function refineChains(place: Place, count: number, first = 1): Promise<void> {
  const only = process.env.SEED
  const seeds = only ? [Number(only)] : Array.from({length: count}, (_, k) => first + k)
  for (const seed of seeds) {
    const random = draws(`refine ${seed}`)
    const inputs = random.whole(1, 5)
    const widths = [inputs, ...Array.from({length: random.whole(1, 3)}, () => random.whole(1, 8))]
    const slope = random.pick([0, 0, 0, 0.1, -0.4, 1.5])
    const model = mlpModel(randomMlp(random, widths, slope))
    const network = readNetwork(model)
    const [center] = randomPoints(random, 1, inputs) as [number[]]
    const radius = random.pick([0.1, 0.3, 0.8])
    const {regions, complete} = await countRegions(network, center, radius, {limit: 400})
    const label = `SEED=${seed} ([${widths}], slope ${slope})`
    await refined(place, network, center, radius, complete ? regions : undefined, label)
    model.dispose()
  }
}

async function refined(
  place: Place | undefined,
  network: Network,
  center: number[],
  radius: number,
  exact: number | undefined,
  label = '',
): Promise<void> {
  const whole = await sphereBound(network, [center], radius)
  let before = whole.log2Regions[0]!
  for (const cells of budgets) {
    const {log2Regions, unstable} = await refineBounds(network, [center], Float64Array.of(radius), {
      method: 'combined',
      counting: 'flats',
      memory: 2 ** 29,
      budget: {cells, ms: Number.POSITIVE_INFINITY},
      ...(place && {place}),
    })
    const bits = log2Regions[0]!
    const own = `${label} ${place ?? 'by itself'}, ${cells} cells at radius ${radius}: ${bits} bits`
    assert.equal(unstable, whole.unstable, own)
    assert.ok(bits <= before, `${own}, ${before} before`)
    if (exact !== undefined) {
      assert.ok(bits >= Math.log2(exact) - 1e-9, `${own} for ${exact} regions`)
      if (cells === 1000 && exact < 400) {
        assert.ok(bits <= Math.log2(exact) + 1e-9, `${own} at the end, for ${exact} regions`)
      }
    }
    before = bits
  }
}
