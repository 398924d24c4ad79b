import seedrandom from 'seedrandom'
import {type Log, openLog, type RunStart, type Snapshot} from '../../storage/index.js'
import {temporaryPlace} from '../support/databases.js'

export {temporaryPath} from '../support/databases.js'

/** Opens a log, by default a fresh one, lets `work` use it, and closes it whatever happens. */
export async function withLog<T>(work: (log: Log) => Promise<T>, place?: string) {
  const log = await openLog(place ?? (await temporaryPlace()))
  try {
    return await work(log)
  } finally {
    await log.close()
  }
}

/** A run of two ReLU layers. */
export function sampleRun(changes: Partial<RunStart> = {}): RunStart {
  return {
    name: 'sample',
    seed: 1,
    model: {
      layers: [
        {name: 'first', className: 'Dense', units: 16, kinks: 1},
        {name: 'second', className: 'Dense', units: 8, kinks: 1},
      ],
      widths: [4, 16, 8],
      parameters: 216,
      inputShape: [4],
    },
    measures: [
      {name: 'distance', unit: 'input units'},
      {name: 'bound', unit: 'log2 regions'},
    ],
    backend: 'cpu',
    tfjsVersion: '4.22.0',
    argv: ['node', 'train.js'],
    ...changes,
  }
}

interface SampleSize {
  readonly points?: number
  readonly layers?: number
  readonly rules?: readonly string[]
  readonly methods?: readonly string[]
}

/** A snapshot with everything in it: two groups, two norms, infinite distances. */
export function sampleSnapshot(
  step: number,
  changes: Partial<Snapshot> = {},
  {points = 20, layers = 2, rules = ['0.1', 'nearest*0.5'], methods}: SampleSize = {},
): Snapshot {
  const random = seedrandom(`snapshot ${step}`)
  const reals = () => Float64Array.from({length: points}, () => random() * 10)
  const counts = () => Int32Array.from({length: points}, () => Math.floor(random() * 16))
  const distance = reals().map((value, point) => (point % 7 === 3 ? Infinity : value))
  const nearest = counts().map((index, point) => (point % 7 === 3 ? -1 : index))
  return {
    step,
    epoch: step / 10,
    loss: 0.25,
    lossScope: 'batch',
    metrics: {acc: 0.5},
    status: 'complete',
    trainMs: 12.5,
    measureMs: 3.5,
    points: Array.from({length: points}, (_, point) => ({
      group: point < points / 2 ? 'train' : 'uniform',
      slot: point % Math.ceil(points / 2),
      originIndex: point < points / 2 ? point + 100 : null,
      label: point < points / 2 ? point % 10 : null,
    })),
    distances: [
      {norm: 'linf', distance: reals(), layer: counts(), unit: counts()},
      {norm: 'l2', distance, layer: nearest, unit: nearest},
    ],
    bounds: (methods ?? ['spectral', 'combined']).flatMap((method) =>
      rules.map((rule) => ({
        method,
        counting: 'product',
        rule,
        radius: rule === '0.1' ? new Float64Array(points).fill(0.1) : reals(),
        log2Regions: reals(),
        unstable: Array.from({length: layers}, counts),
        active: Array.from({length: layers}, counts),
      })),
    ),
    measurements: [
      {measure: 'predicted', rule: '', value: new Float64Array(points).fill(3)},
      {measure: 'complexity', rule: '0.1', value: reals()},
    ],
    timings: {distance: 1.5, bound: 2},
    ...changes,
  }
}

/** When runs that are cut off gave their last sign of life. */
export const longAgo = '2020-01-01T00:00:00.000Z'

/** Makes a run look as one whose machine went out long ago, and which one that was cannot be looked at. */
export async function cutOff({db}: Pick<Log, 'db'>, runId: string): Promise<void> {
  const silent = {host: 'elsewhere', heartbeat_at: longAgo, status: 'running'} as const
  await db.updateTable('runs').set(silent).where('id', '=', runId).execute()
}

const tables = [
  'snapshots',
  'points',
  'distances',
  'bounds',
  'layer_bounds',
  'measurements',
  'timings',
  'summaries',
] as const

/** Number of rows in each table that hangs on a run. */
export async function rowCounts({db}: Log): Promise<Record<(typeof tables)[number], number>> {
  const counts = tables.map(async (table) => {
    const {n} = await db
      .selectFrom(table)
      .select((select) => select.fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow()
    return [table, n] as const
  })
  return Object.fromEntries(await Promise.all(counts)) as never
}
