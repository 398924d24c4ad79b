import {mlp} from './networks.js'
import {timeMeasurements} from './speed.js'

/** How the cost of one measurement grows along one axis. */
export interface GrowthRow {
  readonly measure: string
  readonly axis: string
  readonly values: readonly number[]
  readonly milliseconds: readonly number[]
  /** Slope of log time over log value, by least squares: 1 is linear. */
  readonly exponent: number
}

const measures = ['distance l2', 'combined, r = 0.01']

/** The axes: one quantity moves, the others stay at 784 inputs, 3 layers of 128 units, 128 points. */
const axes = [
  {axis: 'width', values: [64, 128, 256, 512], of: (value: number) => ({width: value})},
  {axis: 'depth', values: [2, 3, 4, 6], of: (value: number) => ({depth: value})},
  {axis: 'points', values: [64, 128, 256, 512], of: (value: number) => ({points: value})},
  {axis: 'inputs', values: [49, 196, 784, 3072], of: (value: number) => ({inputs: value})},
] as const

/** Times `distance` and `combined` along width, depth, points and inputs. */
export async function timeGrowth(runs: number): Promise<GrowthRow[]> {
  const rows: GrowthRow[] = []
  for (const {axis, values, of} of axes) {
    const times: number[][] = []
    for (const value of values) {
      const point = {width: 128, depth: 3, points: 128, inputs: 784, ...of(value)}
      const network = mlp(point.depth, point.width, 0, point.inputs)
      const timed = await timeMeasurements(network, runs, point.points, measures)
      times.push(timed.map(({milliseconds}) => milliseconds))
    }
    measures.forEach((measure, m) => {
      const milliseconds = times.map((own) => own[m]!)
      rows.push({measure, axis, values, milliseconds, exponent: slope(values, milliseconds)})
    })
  }
  return rows
}

function slope(values: readonly number[], times: readonly number[]): number {
  const x = values.map(Math.log)
  const y = times.map(Math.log)
  const mean = (list: readonly number[]) => list.reduce((a, b) => a + b, 0) / list.length
  const [meanX, meanY] = [mean(x), mean(y)]
  const covariance = x.reduce((sum, xi, i) => sum + (xi - meanX) * (y[i]! - meanY), 0)
  return covariance / x.reduce((sum, xi) => sum + (xi - meanX) ** 2, 0)
}
