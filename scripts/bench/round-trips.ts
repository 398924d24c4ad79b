import * as tf from '@tensorflow/tfjs'
import {measureNetwork, readNetwork} from '../../src/index.js'
import {assumeCosts, type Costs, deviceCosts} from '../../src/on-device/costs.js'
import {median, timeRuns} from './median.js'
import type {BenchNetwork} from './networks.js'

/** One measurement with round trips between layers and without. */
export interface RoundTripRow {
  readonly network: string
  readonly measure: string
  readonly withMilliseconds: number
  readonly withoutMilliseconds: number
  /** Which way is taken here by itself. */
  readonly taken: 'with' | 'without'
}

/** What was measured of the backend, and both ways on each network. */
export interface RoundTrips {
  readonly costs: Costs
  readonly rows: readonly RoundTripRow[]
}

const free: Costs = {wait: 0, operation: 0, multiplyAdd: 0}
const requests = {
  'distance l2': {norms: ['l2']},
  'combined, r = 0.01': {methods: ['combined']},
} as const

/** Times both ways in turns, at uniform random points; medians of `runs`. */
export async function timeRoundTrips(
  networks: readonly BenchNetwork[],
  runs: number,
): Promise<RoundTrips> {
  const costs = await deviceCosts()
  const rows: RoundTripRow[] = []
  for (const network of networks) {
    const model = await network.build()
    const {points} = network
    const x = tf.randomUniform([points, ...network.inputShape], 0, 1, 'float32', 1)
    const radii = [{rule: '0.01', radius: new Float64Array(points).fill(0.01)}]
    for (const [measure, request] of Object.entries(requests)) {
      const run = async (own: Costs) => {
        assumeCosts(own)
        return measureNetwork(readNetwork(model), x, {...request, radii, countings: ['product']})
      }
      const {timings} = await run(costs)
      const taken = Object.keys(timings).some((name) => name.endsWith(' without reading back'))
      // With a wait as long as this, every row that there is room for is worth it.
      const sparing = taken ? costs : {...costs, wait: 1e6}
      rows.push({
        network: network.name,
        measure,
        withMilliseconds: median(await timeRuns(runs, () => run(free))),
        withoutMilliseconds: median(await timeRuns(runs, () => run(sparing))),
        taken: taken ? 'without' : 'with',
      })
    }
    x.dispose()
    model.dispose()
  }
  assumeCosts(costs)
  return {costs, rows}
}
