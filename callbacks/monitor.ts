import * as tf from '@tensorflow/tfjs'
import {knownOptions} from '../src/options.js'
import type {Snapshot} from '../storage/snapshot.js'
import {checkWhole, wrong} from './check.js'
import {createEpochCounter, type FitParams} from './epochs.js'
import type {MonitorOptions} from './monitor-options.js'
import {createObserver} from './observer.js'
import {readOptions} from './options.js'
import {type Loss, readLogs} from './read-logs.js'
import type {Start} from './recorder.js'
import {isSameModel, isTraining} from './same-model.js'
import type {Moment} from './schedule.js'
import {createUpdateCounter} from './updates.js'

/** Where a training loop of one's own is. */
export interface MeasureMoment {
  /** Completed updates of the optimiser: 0 before the first batch. */
  readonly step: number
  /** Completed epochs; may be fractional. */
  readonly epoch: number
  /** The loss of the last batch; a tensor is read, not disposed. Default: none. */
  readonly loss?: Loss
  /** Other numbers to log with it. Default: none. */
  readonly metrics?: Readonly<Record<string, Loss>>
  /** Which of the option `measures` to take now, by name: a dear one less often. Default: all. */
  readonly measures?: readonly string[]
}

/** A callback for `fit` and `fitDataset` that logs the linear regions. One monitor is one run. */
export interface LinearRegionMonitor extends tf.Callback {
  /** The run's id in the log, null before it has begun. */
  readonly runId: string | null
  /**
   * Takes a snapshot now, in a training loop of one's own; needs the option `model`. Rejects once the
   * run has ended, with `finish` or with `fit`.
   */
  readonly measure: (moment: MeasureMoment) => Promise<Snapshot>
  /**
   * Closes the run, as failed where an error is given, or `fit` was broken off. `fit` does so itself
   * when it ends well; after an error of `fit`, or a loop of one's own, call it.
   */
  readonly finish: (error?: unknown) => Promise<void>
}

class Callback extends tf.Callback {}

/**
 * Watches the linear regions of a ReLU network while it trains.
 *
 * Before the first batch and after chosen epochs or batches it draws points, measures each point's
 * distance to the boundary of its linear region and upper bounds on the regions in spheres around
 * it, and logs them to a database. The training stays bit-identical: no draw from `Math.random`, no
 * tensor left behind, and no batch hook unless the schedule needs one.
 *
 * One monitor is one run of one model. When `fit` of that model is called again with the same
 * monitor, the run goes on: updates are counted on, and so are epochs unless `initialEpoch` says where
 * they are; another model is refused, and wants a monitor of its own. In a loop of one's own,
 * `measure` takes a snapshot and `finish` closes the run.
 *
 * In an array of callbacks after a plain object, or with callbacks of another copy of
 * TensorFlow.js, `fit` does not tell a callback its model: then give the option `model`.
 *
 * ```ts
 * const monitor = linearRegionMonitor({data: xTrain, database: 'runs.db', run: 'mlp-128x3'})
 * await model.fit(xTrain, yTrain, {epochs: 20, callbacks: [monitor]})
 * ```
 *
 * @throws RangeError at once for a wrong option. Before the training begins, `fit` rejects with
 *   UnsupportedLayerError for a network that cannot be measured, NonFiniteError or RangeError for
 *   data that do not fit, and LogError for a database that cannot be written, or a run that cannot be
 *   gone on with.
 */
export function linearRegionMonitor(options: MonitorOptions): LinearRegionMonitor {
  const settings = readOptions(options)
  const {schedule} = settings
  const observer = createObserver(settings)
  const updates = createUpdateCounter()
  const epochs = createEpochCounter()
  let fitted: tf.LayersModel | undefined
  /** What `fit` was called of first: a run follows one model. */
  let trained: tf.LayersModel | undefined
  let told: FitParams = {}
  let params: FitParams = {}
  /** `fit` has begun and not come to its end; it tells nobody where it is broken off. */
  let isFitting = false
  let isFirst = false
  let stepBefore = 0

  const begin = async (from: Start, noModel: string) => {
    const watched = settings.model ?? fitted
    if (!watched) throw new RangeError(noModel)
    const beginning = await observer.begin({watched, fitted}, from)
    // the optimiser of the model that is trained, where only a part of it is watched
    updates.follow((fitted ?? watched).optimizer)
    if (!beginning) return
    updates.reset(beginning.step)
    epochs.reset(beginning.epoch)
    isFirst = true
  }

  /** A model that is given stays the one that is watched, whatever is fitted around it. */
  const checkModel = () => {
    if (settings.model || !trained || !fitted || isSameModel(fitted, trained)) return
    fitted = trained
    throw new RangeError(another)
  }

  const checkTaken = (measures: readonly string[] = []) => {
    const {core, own} = settings.measures
    const known = [...core, ...own.map(({name}) => name)]
    const unknown = measures.find((name) => !known.includes(name))
    if (unknown !== undefined)
      throw wrong('measure: measures', `some of the run's: ${known.join(', ')}`, unknown)
  }

  const visit = async (scope: 'epoch' | 'batch', step: number, logs: Logs) => {
    const moment = {step, epoch: epochs.read()}
    if (!(await isDue(moment))) return
    await observer.snapshot({...moment, ...(await lossOf(logs)), lossScope: scope})
  }

  /** Without what cannot be read, such as a loss that another callback has disposed of. */
  const lossOf = async (logs: Logs) => {
    try {
      return await readLogs(logs)
    } catch (error) {
      await observer.report('logs', error)
      return readLogs(undefined)
    }
  }

  const isDue = async (moment: Moment) => {
    try {
      return schedule.isDue(moment)
    } catch (error) {
      await observer.report('schedule', error)
      return false
    }
  }

  // fit may wrap a callback and call its functions without `this`
  const hooks = {
    setParams: (given: FitParams) => {
      told = given
    },
    setModel: (given: unknown) => {
      if (fitted && fitted !== given && isTraining(fitted)) throw new RangeError(atOnce)
      // no instanceof: LayersModel differs from copy to copy of TensorFlow.js
      fitted = given as tf.LayersModel
      params = told
    },
    onTrainBegin: async () => {
      checkModel()
      // fit does not tell whether a 0 was given
      const {initialEpoch} = params
      const untrained = fitted?.optimizer?.iterations === 0
      await begin(initialEpoch ? {epoch: initialEpoch} : {untrained}, notTold)
      trained ??= fitted
      isFitting = true
      epochs.beginFit(params)
    },
    onEpochBegin: async (epoch: number) => {
      epochs.beginEpoch(epoch)
      stepBefore = updates.read()
      if (!isFirst) return
      isFirst = false
      await observer.snapshot({step: stepBefore, epoch: epochs.read()})
    },
    onEpochEnd: async (_epoch: number, logs?: Logs) => {
      epochs.endEpoch()
      await observer.heartbeat()
      if (schedule.at !== 'epoch') return
      const step = updates.read()
      if (step > stepBefore) await visit('epoch', step, logs)
      else await observer.report('updates', new Error(noUpdates))
    },
    onTrainEnd: async () => {
      told = {}
      params = {}
      isFitting = false
      await observer.finish()
    },
  }

  const onBatchEnd = async (_batch: number, logs?: Logs) => {
    updates.countBatch()
    epochs.countBatch()
    observer.giveSignIfDue()
    await visit('batch', updates.read(), logs)
  }

  const callback = Object.assign(new Callback(), hooks, {
    measure: async (moment: MeasureMoment) => {
      const {step, epoch, loss, metrics, measures} = checkMoment(moment)
      checkWhole('measure: step', step, 0)
      if (!(epoch >= 0 && epoch < Infinity))
        throw wrong('measure: epoch', 'a number of at least 0', epoch)
      checkTaken(measures)
      await begin({step, epoch, isGoing: true}, notGiven)
      isFirst = false
      const logs = await readLogs({...metrics, ...(loss !== undefined && {loss})})
      const lossScope = loss === undefined ? null : 'batch'
      return observer.snapshot({step, epoch, ...logs, lossScope}, (name) =>
        measures ? measures.includes(name) : true,
      )
    },
    finish: (error?: unknown) => {
      const isBrokenOff = isFitting && fitted !== undefined && !isTraining(fitted)
      if (isBrokenOff) isFitting = false
      return observer.finish(isBrokenOff ? (error ?? new Error('fit was broken off')) : error)
    },
  })
  return Object.defineProperties(callback as unknown as LinearRegionMonitor, {
    runId: {get: observer.runId, enumerable: true},
    onBatchBegin: unneeded(async () => undefined),
    onBatchEnd:
      schedule.at === 'batch'
        ? {value: onBatchEnd}
        : unneeded(async () => observer.giveSignIfDue()),
  })

  /**
   * A hook that is not there when `fit` wraps the callback, which would read the loss back for it
   * at every batch, and is there, with no need of the loss, when `fit` calls it as it is, which
   * happens only after `setModel`.
   */
  function unneeded(hook: () => Promise<void>): PropertyDescriptor {
    return {get: () => fitted && hook}
  }
}

const ofMoment = ['step', 'epoch', 'loss', 'metrics', 'measures'] as const

function checkMoment(moment: MeasureMoment): MeasureMoment {
  if (moment === null || typeof moment !== 'object')
    throw wrong('measure', '{step, epoch, ...}', moment)
  return knownOptions(moment, ofMoment)
}

type Logs = Readonly<Record<string, Loss>> | undefined

const notGiven =
  'model: measure needs the model, of which no fit has told this monitor; give the option model'

const notTold =
  'model: cannot be taken from fit, which tells it to no callback that comes after a plain object, or that is of ' +
  'another copy of @tensorflow/tfjs; give the option model'

const another =
  'model: expected the model that this monitor has followed so far, got one of other weights; make a monitor for ' +
  'each model, and give it runId and resume where the training of the same run goes on'

const atOnce =
  'model: another model is trained with this monitor just now; make a monitor for each model'

const noUpdates =
  "step: the optimiser counted no update during the epoch, so that the snapshot's step is unknown; use " +
  'every: {batches: n}, which counts the batches itself'
