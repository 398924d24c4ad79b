import * as tf from '@tensorflow/tfjs'
import {
  countRegions,
  log2Regions,
  measureNetwork,
  type Network,
  readNetwork,
  sphereBound,
} from '../../src/index.js'
import {mlp} from './networks.js'

/** log2 of what is known of the regions in balls around points: means over the points. */
export interface TightnessRow {
  readonly network: string
  readonly points: number
  readonly radius: number
  /** 1 + the units that were seen to change: no ball holds fewer regions. */
  readonly witnessed: number
  /** The exact count; undefined where some ball holds too many regions to count. */
  readonly exact: number | undefined
  /** `combined` with flats, refined by so many cells a point. */
  readonly refined: number
  readonly refinedCells: number
  /** The largest excess over the exact count at any point. */
  readonly worstExcess: number | undefined
  /** Milliseconds a point. */
  readonly refinedMs: number
  /** `combined`, by both countings. */
  readonly flats: number
  readonly product: number
  readonly interval: number
  readonly spectral: number
  /** Every unit unstable. */
  readonly wholeSpace: number
}

/** A network, and balls around seeded uniform points. */
export interface TightnessCase {
  readonly name: string
  readonly points: number
  readonly radii: readonly number[]
  /** Most cells of the refined bound. */
  readonly cells: number
  /** Balls of fewer regions are counted. */
  readonly limit: number
  readonly span: readonly [number, number]
  build(): Promise<tf.LayersModel>
}

/** He-scaled weights and biases of a standard deviation of 0.2, from a seed. */
export function small(
  name: string,
  [inputs, ...widths]: readonly [number, ...number[]],
): TightnessCase {
  const build = async () =>
    tf.sequential({
      layers: widths.map((units, l) =>
        tf.layers.dense({
          units,
          activation: 'relu',
          kernelInitializer: tf.initializers.heNormal({seed: 100 + l}),
          biasInitializer: tf.initializers.randomNormal({mean: 0, stddev: 0.2, seed: 200 + l}),
          ...(l === 0 && {inputShape: [inputs]}),
        }),
      ),
    })
  const balls = {points: 24, radii: [0.03, 0.1, 0.3], span: [-1, 1]} as const
  return {name, ...balls, cells: 512, limit: 4000, build}
}

/** The networks of the table. */
export const tightnessCases: readonly TightnessCase[] = [
  small('2-[16,16]', [2, 16, 16]),
  small('2-[10x4]', [2, 10, 10, 10, 10]),
  small('2-[32x3]', [2, 32, 32, 32]),
  small('5-[12,10]', [5, 12, 10]),
  small('10-[16,16]', [10, 16, 16]),
  {
    name: '784-[256x3]',
    points: 32,
    radii: [0.01, 0.03, 0.1, 0.3],
    cells: 64,
    limit: 0,
    span: [0, 1],
    build: () => mlp(3, 256, 0).build(),
  },
]

/** How close the bounds come to what is true, at seeded uniform points. */
export async function measureTightness(cases = tightnessCases): Promise<TightnessRow[]> {
  const rows: TightnessRow[] = []
  for (const own of cases) {
    await atPoints(own, async (network, points) => {
      for (const radius of own.radii) rows.push(await rowOf(own, network, points, radius))
    })
  }
  return rows
}

/** Builds the network of a case and draws its points. */
export async function atPoints(
  {points, span, build}: TightnessCase,
  use: (network: Network, points: number[][]) => Promise<void>,
): Promise<void> {
  const model = await build()
  const network = readNetwork(model)
  const size = network.inputShape.reduce((a, b) => a * b, 1)
  const tensor = tf.randomUniform([points, size], ...span, 'float32', 7)
  const drawn = (await tensor.array()) as number[][]
  tensor.dispose()
  await use(network, drawn)
  model.dispose()
}

async function rowOf(
  {name, cells, limit}: TightnessCase,
  network: Network,
  points: number[][],
  radius: number,
): Promise<TightnessRow> {
  const {bounds, witnessed} = await measureNetwork(network, points, {
    methods: ['combined', 'interval', 'spectral'],
    countings: ['flats', 'product'],
    witnessed: {steps: 2},
    radii: [{rule: `${radius}`, radius: new Float64Array(points.length).fill(radius)}],
  })
  const bitsOf = (method: string, counting: string) => {
    const found = bounds.find((bound) => bound.method === method && bound.counting === counting)!
    return mean(found.log2Regions)
  }
  const units = points.map((_, p) => {
    return witnessed[0]!.witnessed.reduce((sum, layer) => sum + layer[p]!, 0)
  })
  const start = performance.now()
  const refined = await sphereBound(network, points, radius, {refine: {cells}})
  const refinedMs = (performance.now() - start) / points.length
  const exact: number[] = []
  for (const point of limit > 0 ? points : []) {
    const {regions, complete} = await countRegions(network, point, radius, {limit})
    if (!complete) break
    exact.push(Math.log2(regions))
  }
  const counted = exact.length === points.length
  return {
    network: name,
    points: points.length,
    radius,
    witnessed: mean(units.map((count) => Math.log2(1 + count))),
    exact: counted ? mean(exact) : undefined,
    refined: mean(refined.log2Regions),
    worstExcess: counted
      ? Math.max(...exact.map((bits, p) => refined.log2Regions[p]! - bits))
      : undefined,
    refinedCells: cells,
    refinedMs,
    flats: bitsOf('combined', 'flats'),
    product: bitsOf('combined', 'product'),
    interval: bitsOf('interval', 'product'),
    spectral: bitsOf('spectral', 'product'),
    wholeSpace: wholeSpace(network),
  }
}

function wholeSpace({layers, inputShape}: Network): number {
  const relu = {active: 0, silent: true, bottleneck: true}
  return log2Regions(
    layers.map(({units}) => ({unstable: units, ...relu})),
    inputShape.reduce((a, b) => a * b, 1),
  )
}

export function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((a, b) => a + b, 0) / values.length
}
