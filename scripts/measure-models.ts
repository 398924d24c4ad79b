import * as tf from '@tensorflow/tfjs'
import {linearRegionMonitor, type MonitorOptions} from '../callbacks/index.js'
import {openLog} from '../storage/log.js'
import {announceBackend} from './backends/announce.js'
import {loadBackend} from './backends/load.js'
import {type Context, UsageError} from './command.js'
import {type Dataset, type Images, loadImages} from './data/load.js'
import {loadModel} from './load-model.js'
import {type ModelList, type PlannedRun, planRuns} from './plan-runs.js'
import {createProgress} from './progress.js'
import {openRunLog, type RunLog} from './run-log.js'
import {logOptionsOf, type ServerOptions} from './server-options.js'
import {summaryTable} from './summary-table.js'
import {asUsage} from './usage.js'

/** Which models to measure, at which points, and where the numbers go. */
export interface MeasureOptions extends ModelList, ServerOptions {
  readonly data: string | undefined
  readonly database: string
  readonly backend: string | undefined
  /** Passed on to the monitor, which refuses what it does not know. */
  readonly monitor: Partial<MonitorOptions>
}

/** Measures saved models as the monitor does, and logs one run a model, or one of all checkpoints. */
export async function measureModels(options: MeasureOptions, context: Context): Promise<void> {
  const {argv, signal, stdout, stderr} = context
  const planned = planRuns(options)
  const images = loadImages({dir: options.data})
  const backend = await loadBackend({name: options.backend})
  announceBackend(backend, stderr)
  const log = await openLog(options.database, logOptionsOf(options))
  const progress = createProgress(stderr, options.model.length)
  let done = 0
  const runs = openRunLog(log, {
    backend,
    argv,
    onSnapshot: () => progress.update(++done, options.model[done - 1]!),
  })
  try {
    for (const run of planned) await measureRun(run, {options, images, log: runs, signal})
    progress.stop()
    stdout.write(await summaryTable(log, runs.startedRuns))
  } catch (error) {
    return await runs.breakOff(error)
  } finally {
    progress.stop()
    await log.close()
  }
}

interface Surroundings {
  readonly options: MeasureOptions
  readonly images: Dataset
  readonly log: RunLog
  readonly signal: AbortSignal
}

async function measureRun(
  {name, checkpoints}: PlannedRun,
  {options, images, log, signal}: Surroundings,
): Promise<void> {
  let monitor: ReturnType<typeof linearRegionMonitor> | undefined
  let disposables: tf.Tensor[] = []
  try {
    for (const {path, step, epoch} of checkpoints) {
      signal.throwIfAborted()
      const model = await loadModel(path)
      try {
        if (!monitor) {
          const train = toInputs(images.train, model, path)
          const test = toInputs(images.test, model, path)
          disposables = [train, test]
          const given = {
            data: train,
            labels: [...images.train.labels],
            testData: test,
            testLabels: [...images.test.labels],
            database: log,
            run: name,
            config: {data: images.name, models: checkpoints.map((each) => each.path)},
            onError: 'throw',
            ...options.monitor,
          } as const
          monitor = await asUsage(() => linearRegionMonitor(given))
        }
        const measuring = monitor
        measuring.setModel(model)
        await asUsage(async () => {
          await measuring.measure({step, epoch})
        })
      } finally {
        model.dispose()
      }
    }
    await monitor?.finish()
  } finally {
    tf.dispose(disposables)
  }
}

/** The images in the model's input shape. */
function toInputs({images, count, shape}: Images, model: tf.LayersModel, path: string): tf.Tensor {
  const input = model.inputs[0]!.shape.slice(1)
  const size = input.reduce((product: number, each) => product * (each ?? Number.NaN), 1)
  if (images.length !== count * size) {
    throw new UsageError(
      `data: expected images that fill the input [${input.join(', ')}] of ${path}, got images of ${shape.join(' x ')}`,
    )
  }
  return tf.tensor(images, [count, ...(input as number[])])
}
