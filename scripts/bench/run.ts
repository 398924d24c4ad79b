import {announceBackend} from '../backends/announce.js'
import {loadBackend} from '../backends/load.js'
import type {Context} from '../command.js'
import {type TableCell, table} from '../table.js'
import type {CountingCostRow} from './counting-cost.js'
import type {GrowthRow} from './growth.js'
import type {LoggingRow} from './logging.js'
import type {OverheadRow} from './overhead.js'
import type {SpeedRow} from './speed.js'
import type {TightnessRow} from './tightness.js'
import {tightnessTables} from './tightness-table.js'

/** What `bench` is asked for. */
export interface BenchOptions {
  readonly parts: readonly string[]
  readonly backend?: string | undefined
  readonly runs: number
  readonly images: number
  readonly points: number
  readonly json: boolean
}

/** What was timed, and where. */
export interface BenchResult {
  readonly backend: string
  readonly device: string
  readonly node: string
  readonly date: string
  readonly matMulGflops: number
  readonly speed: readonly SpeedRow[]
  readonly growth: readonly GrowthRow[]
  readonly overhead: readonly OverheadRow[]
  readonly tightness?: readonly TightnessRow[]
  readonly countings?: readonly CountingCostRow[]
  readonly log: readonly LoggingRow[]
}

/** Runs the parts that are asked for on one backend and prints tables, or JSON. */
export async function runBench(options: BenchOptions, context: Context): Promise<void> {
  const {stdout, stderr, signal} = context
  const backend = await loadBackend({name: options.backend})
  announceBackend(backend, stderr)
  const {runs, parts} = options
  const {convolutional, perceptrons} = await import('./networks.js')
  const {matMulRate, timeMeasurements} = await import('./speed.js')
  const matMulGflops = await matMulRate(runs)

  const networks = [
    ...(parts.includes('speed') ? perceptrons : []),
    ...(parts.includes('convolutions') ? convolutional : []),
  ]
  const speed: SpeedRow[] = []
  for (const network of networks) {
    signal.throwIfAborted()
    stderr.write(`${network.name}\n`)
    const isConvolutional = convolutional.includes(network)
    const names = isConvolutional
      ? ['distance l2', 'distance linf', 'spectral, r = 0.01']
      : undefined
    speed.push(...(await timeMeasurements(network, runs, network.points, names)))
  }
  const growth = parts.includes('growth')
    ? await (await import('./growth.js')).timeGrowth(runs)
    : []
  const overhead = parts.includes('overhead')
    ? await (await import('./overhead.js')).timeOverhead({...options, pairs: runs})
    : []
  const wanted = parts.includes('tightness')
  const tightness = wanted ? await (await import('./tightness.js')).measureTightness() : []
  const countings = wanted
    ? await (await import('./counting-cost.js')).timeCountings(perceptrons[0]!, runs)
    : []
  const log = parts.includes('log') ? await (await import('./logging.js')).timeLogging(runs) : []
  const result: BenchResult = {
    backend: backend.name,
    device: backend.device,
    node: process.version,
    date: new Date().toISOString(),
    matMulGflops,
    speed,
    growth,
    overhead,
    tightness,
    countings,
    log,
  }
  stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n` : benchTables(result, runs))
}

/** The result for a person: one table a part. */
export function benchTables(result: BenchResult, runs: number): string {
  const {backend, device, node, matMulGflops, speed, growth, overhead, log} = result
  const texts = [
    `${backend} on ${device}, Node ${node}; medians of ${runs} runs\n` +
      `matMul of 1024 x 1024 matrices: ${matMulGflops.toFixed(1)} GFLOPS\n`,
  ]
  if (speed.length > 0) {
    const rows = speed.map((row): TableCell[] => [
      row.network,
      row.points,
      row.measure,
      round(row.milliseconds),
      round(row.forwardPasses),
    ])
    texts.push(table(['network', 'points', 'measure', 'ms', 'forward passes'], rows))
  }
  if (growth.length > 0) {
    const rows = growth.map((row): TableCell[] => [
      row.measure,
      row.axis,
      row.values.join(', '),
      row.milliseconds.map(round).join(', '),
      Number(row.exponent.toFixed(2)),
    ])
    texts.push(table(['measure', 'axis', 'values', 'ms', 'exponent'], rows))
  }
  if (overhead.length > 0) {
    const rows = overhead.map((row): TableCell[] => [
      row.measures,
      row.every,
      row.images,
      Number(row.ratio.toFixed(3)),
    ])
    texts.push(table(['watched', 'every', 'images', 'time with / without'], rows))
  }
  if (log.length > 0) {
    const rows = log.map((row): TableCell[] => [
      row.network,
      row.points,
      row.rows,
      round(row.measureMilliseconds),
      round(row.writeMilliseconds),
      `${round(100 * row.share)} %`,
      round(row.bytesPerRow),
    ])
    const head = [
      'network',
      'points',
      'rows',
      'measuring, ms',
      'writing, ms',
      'share',
      'bytes a row',
    ]
    texts.push(table(head, rows))
  }
  texts.push(...tightnessTables(result.tightness ?? [], result.countings ?? []))
  return texts.join('\n')
}

/** Three digits: more are not true. */
function round(value: number): number {
  return Number(value.toPrecision(3))
}
