import * as tf from '@tensorflow/tfjs'
import {type Counting, measureNetwork, readNetwork} from '../../src/index.js'
import {median} from './median.js'
import type {BenchNetwork} from './networks.js'

/** What a snapshot costs with each counting: distances, and bounds by spectral and combined at one radius. */
export interface CountingCostRow {
  readonly network: string
  readonly points: number
  readonly radius: number
  /** Medians over the runs, in milliseconds. */
  readonly product: number
  readonly flats: number
  /** Median of the ratios of neighbouring runs. */
  readonly ratio: number
}

/** Times both countings in turn, so that whatever else the machine does meets them alike. */
export async function timeCountings(
  network: BenchNetwork,
  runs: number,
  radii: readonly number[] = [0.01, 0.03, 0.1, 0.3],
  points = network.points,
): Promise<CountingCostRow[]> {
  const model = await network.build()
  const read = readNetwork(model)
  const x = tf.randomUniform([points, ...network.inputShape], 0, 1, 'float32', 1)
  const rows: CountingCostRow[] = []
  for (const radius of radii) {
    const time = async (counting: Counting) => {
      const start = performance.now()
      await measureNetwork(read, x, {
        norms: ['l2'],
        methods: ['spectral', 'combined'],
        countings: [counting],
        radii: [{rule: `${radius}`, radius: new Float64Array(points).fill(radius)}],
      })
      return performance.now() - start
    }
    await time('flats')
    const pairs: {product: number; flats: number}[] = []
    for (let run = 0; run < runs; run++) {
      pairs.push({product: await time('product'), flats: await time('flats')})
    }
    rows.push({
      network: network.name,
      points,
      radius,
      product: median(pairs.map((pair) => pair.product)),
      flats: median(pairs.map((pair) => pair.flats)),
      ratio: median(pairs.map(({product, flats}) => flats / product)),
    })
  }
  x.dispose()
  model.dispose()
  return rows
}
