import {mkdtempSync, rmSync, statSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import * as tf from '@tensorflow/tfjs'
import {linearRegionMonitor} from '../../callbacks/index.js'
import {type Log, openLog} from '../../storage/log.js'
import {median} from './median.js'
import {type BenchNetwork, mlp} from './networks.js'

/** What writing a snapshot costs beside measuring it. */
export interface LoggingRow {
  readonly network: string
  readonly points: number
  /** Rows that hang on one snapshot. */
  readonly rows: number
  /** Medians over the snapshots. */
  readonly measureMilliseconds: number
  readonly writeMilliseconds: number
  /** Median over the snapshots of the time of writing over that of measuring. */
  readonly share: number
  /** Size of the whole file over all rows in it. */
  readonly bytesPerRow: number
}

/** Networks of four layers, so that a row of `layer_bounds` comes to each of them. */
const networks = [mlp(4, 128, 0), mlp(4, 256, 0)]

const radii = [0.001, 0.003, 0.01, 0.03].map((factor) => `median-pair*${factor}`)

/**
 * Takes snapshots as a training does, of distances and of the bounds by two methods at four radii,
 * and times for each how long it takes to be measured and to be stored for good.
 *
 * @param snapshots counted snapshots of each network; one more warms up
 * @param points points of both groups together
 */
export async function timeLogging(
  snapshots: number,
  points = 512,
  measured: readonly BenchNetwork[] = networks,
): Promise<LoggingRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'linear-regions-bench-'))
  try {
    const rows: LoggingRow[] = []
    for (const [index, network] of measured.entries()) {
      const path = join(folder, `${index}.db`)
      rows.push(await timeNetwork(network, snapshots, points, path))
    }
    return rows
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
}

async function timeNetwork(
  network: BenchNetwork,
  snapshots: number,
  points: number,
  path: string,
): Promise<LoggingRow> {
  const model = await network.build()
  const data = tf.randomUniform([Math.max(points, 100), ...network.inputShape], 0, 1, 'float32', 1)
  const log = await openLog(path)
  let wrote = 0
  const monitor = linearRegionMonitor({
    data,
    model,
    points: points / 2,
    radii,
    methods: ['spectral', 'combined'],
    onError: 'throw',
    database: {
      ...log,
      async writeSnapshot(runId, snapshot) {
        const started = performance.now()
        await log.writeSnapshot(runId, snapshot)
        wrote = performance.now() - started
      },
    },
  })
  const times: {measure: number; write: number}[] = []
  for (let step = 0; step <= snapshots; step++) {
    const {measureMs} = await monitor.measure({step, epoch: step})
    if (step > 0) times.push({measure: measureMs!, write: wrote})
  }
  await monitor.finish()
  const rows = await rowsOf(log)
  await log.close()
  tf.dispose(data)
  model.dispose()
  return {
    network: network.name,
    points,
    rows: rows / (snapshots + 1),
    measureMilliseconds: median(times.map(({measure}) => measure)),
    writeMilliseconds: median(times.map(({write}) => write)),
    share: median(times.map(({measure, write}) => write / measure)),
    bytesPerRow: statSync(path).size / rows,
  }
}

const tables = [
  'points',
  'distances',
  'bounds',
  'layer_bounds',
  'measurements',
  'timings',
  'summaries',
] as const

async function rowsOf({db}: Log): Promise<number> {
  let rows = 0
  for (const table of tables) {
    const count = db.selectFrom(table).select(db.fn.countAll<number>().as('n'))
    rows += (await count.executeTakeFirstOrThrow()).n
  }
  return rows
}
