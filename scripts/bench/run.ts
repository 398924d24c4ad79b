import {announceBackend} from '../backends/announce.js'
import {loadBackend} from '../backends/load.js'
import type {Context} from '../command.js'
import type {BackendRow} from './compare-backends.js'
import type {CountingCostRow} from './counting-cost.js'
import type {GrowthRow} from './growth.js'
import type {LoggingRow} from './logging.js'
import type {OverheadRow} from './overhead.js'
import type {Comparison} from './pytorch/compare.js'
import type {RefinePlaceRow} from './refine-places.js'
import {benchMarkdown, benchTables} from './report.js'
import type {RoundTrips} from './round-trips.js'
import type {SpeedRow} from './speed.js'
import type {TightnessRow} from './tightness.js'

/** What `bench` is asked for. */
export interface BenchOptions {
  readonly parts: readonly string[]
  readonly backend?: string | undefined
  /** A Python that has PyTorch, for the comparison. */
  readonly python?: string | undefined
  readonly runs: number
  readonly images: number
  readonly points: number
  /** Names of what is trained and of how often it is watched, for the overhead; all by default. */
  readonly networks?: readonly string[] | undefined
  readonly every?: readonly string[] | undefined
  readonly format: 'table' | 'json' | 'markdown'
}

/** What was timed, and where. */
export interface BenchResult {
  /** The command line. */
  readonly command: string
  readonly backend: string
  readonly device: string
  readonly node: string
  readonly date: string
  readonly runs: number
  readonly matMulGflops: number
  /** The most memory that the process has had in use, in bytes. */
  readonly peakMemory: number
  readonly speed: readonly SpeedRow[]
  readonly growth: readonly GrowthRow[]
  readonly overhead: readonly OverheadRow[]
  readonly backends: readonly BackendRow[]
  readonly pytorch: Comparison | null
  readonly log: readonly LoggingRow[]
  readonly roundTrips?: RoundTrips | null
  readonly tightness?: readonly TightnessRow[]
  readonly places?: readonly RefinePlaceRow[]
  readonly countings?: readonly CountingCostRow[]
}

/** Runs the parts that are asked for on one backend and prints tables, JSON or Markdown. */
export async function runBench(options: BenchOptions, context: Context): Promise<void> {
  const {stdout, stderr, argv, signal} = context
  const {runs, parts, format} = options
  const say = (text: string) => void stderr.write(`${text}\n`)
  const asked = (part: string) => {
    signal.throwIfAborted()
    return parts.includes(part)
  }
  const backend = await loadBackend({name: options.backend})
  announceBackend(backend, stderr)
  const {matMulRate} = await import('./speed.js')
  const matMulGflops = await matMulRate(runs)

  const speed = await timeNetworks(asked('speed'), asked('convolutions'), runs, context)
  const growth = asked('growth') ? await (await import('./growth.js')).timeGrowth(runs) : []
  const overhead = asked('overhead')
    ? await timeWatching(options, (row) =>
        say(`${row.network}, ${row.measures}, every ${row.every}: ${row.ratio.toFixed(3)}`),
      )
    : []
  const backends = asked('backends')
    ? await (await import('./compare-backends.js')).compareBackends(
        ['tfjs-node', 'wasm'],
        runs,
        signal,
        say,
      )
    : []
  const pytorch = asked('pytorch')
    ? await (await import('./pytorch/compare.js')).compareWithPytorch(
        options.python!,
        runs,
        undefined,
        say,
      )
    : null
  const tightness = asked('tightness')
    ? await (await import('./tightness.js')).measureTightness()
    : []
  const places = asked('tightness')
    ? await (await import('./refine-places.js')).timePlaces(runs)
    : []
  const countings = asked('tightness')
    ? await (await import('./counting-cost.js')).timeCountings(
        (await import('./networks.js')).perceptrons[0]!,
        runs,
      )
    : []
  const roundTrips = asked('round-trips')
    ? await (await import('./round-trips.js')).timeRoundTrips(
        (await import('./networks.js')).perceptrons,
        runs,
      )
    : null
  const log = asked('log') ? await (await import('./logging.js')).timeLogging(runs) : []
  const result: BenchResult = {
    command: ['linear-regions', ...argv].join(' '),
    backend: backend.name,
    device: backend.device,
    node: process.version,
    date: new Date().toISOString(),
    runs,
    matMulGflops,
    peakMemory: process.resourceUsage().maxRSS * 1024,
    speed,
    growth,
    overhead,
    backends,
    pytorch,
    log,
    roundTrips,
    tightness,
    places,
    countings,
  }
  const json = () => `${JSON.stringify(result, null, 2)}\n`
  const print = {table: benchTables, json, markdown: benchMarkdown}[format]
  stdout.write(print(result))
}

async function timeNetworks(
  dense: boolean,
  convolutions: boolean,
  runs: number,
  {stderr, signal}: Context,
): Promise<SpeedRow[]> {
  const {convolutional, perceptrons} = await import('./networks.js')
  const {timeMeasurements} = await import('./speed.js')
  const rows: SpeedRow[] = []
  for (const network of [...(dense ? perceptrons : []), ...(convolutions ? convolutional : [])]) {
    signal.throwIfAborted()
    stderr.write(`${network.name}\n`)
    rows.push(...(await timeMeasurements(network, runs, network.points, network.measures)))
  }
  return rows
}

async function timeWatching(
  {images, points, runs, networks, every}: BenchOptions,
  onRow: (row: OverheadRow) => void,
): Promise<OverheadRow[]> {
  const {chosen, timeOverhead} = await import('./overhead.js')
  return timeOverhead({images, points, pairs: runs, ...chosen(networks, every)}, onRow)
}
