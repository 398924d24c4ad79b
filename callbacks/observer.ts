import {heartbeatEvery} from '../storage/heartbeat-every.js'
import {createQueue} from '../storage/queue.js'
import type {Snapshot} from '../storage/snapshot.js'
import {messageOf} from './as-error.js'
import {describeRun} from './describe-run.js'
import {createErrorPolicy} from './error-policy.js'
import {predictedName} from './measures/predicted.js'
import type {Settings} from './options.js'
import {type Models, prepare, prepareAgain} from './prepare.js'
import {type Beginning, createRecorder, type Start} from './recorder.js'
import {createSignsOfLife} from './signs-of-life.js'
import {createStopwatch} from './stopwatch.js'
import {type SnapshotPlan, takeSnapshot} from './take-snapshot.js'

/** Where the training is, as a snapshot records it. */
export type SnapshotMoment = Pick<Snapshot, 'step' | 'epoch' | 'loss' | 'lossScope' | 'metrics'>

/** Whether a measure of the run is taken at one snapshot, by its name. */
export type IsTaken = (name: string) => boolean

/** Follows one network over one run of the log; knows nothing of callbacks. */
export interface Observer {
  readonly runId: () => string | null
  /**
   * Checks and prepares everything and begins the run, or takes it up again. Rejects with whatever
   * is wrong, whatever `onError` is: nothing has been trained yet. Gives where a new or resumed run
   * begins, null for one that goes on.
   */
  readonly begin: (models: Models, from: Start) => Promise<Beginning | null>
  readonly snapshot: (moment: SnapshotMoment, isTaken?: IsTaken) => Promise<Snapshot>
  readonly heartbeat: () => Promise<void>
  /** Says now and then that the run is alive, while an epoch lasts long; waits for nothing. */
  readonly giveSignIfDue: () => void
  readonly finish: (error?: unknown) => Promise<void>
  /** Does with an error what `onError` says. */
  readonly report: (kind: string, error: unknown) => Promise<void>
}

export function createObserver(settings: Settings): Observer {
  const recorder = createRecorder(settings)
  const training = createStopwatch()
  const serially = createQueue()
  const policy = createErrorPolicy(settings.onError, async ({message}) => {
    training.stop()
    await recorder.finish('failed', message)
  })
  const signs = createSignsOfLife(recorder.heartbeat, heartbeatEvery)
  /** What gives signs of life of its own comes after the one on its way. */
  const settleSigns = () => signs.settle().catch((error) => policy.report('heartbeat', error))
  let plan: SnapshotPlan | undefined
  let isFirst = true
  /** What could not even be recorded as a failed snapshot. */
  let lost: string | undefined

  const write = async (snapshot: Snapshot) => {
    await settleSigns()
    try {
      await recorder.write(snapshot)
      signs.restart()
    } catch (error) {
      const message = messageOf(error)
      await recorder.write(failed(snapshot, `could not be logged: ${message}`)).catch(() => {
        lost = `step ${snapshot.step} could not be logged: ${message}`
      })
      await policy.report('log', error)
    }
  }

  const take = async (moment: SnapshotMoment, isTaken: IsTaken = () => true) => {
    if (!plan) throw new Error('measure: expected the training to have begun')
    training.stop()
    const trainMs = isFirst ? null : training.take()
    isFirst = false
    const {errors, ...taken} = await takeSnapshot(
      {...only(plan, isTaken), meanwhile: signs.giveIfDue},
      moment.step,
    )
    const snapshot = withoutNaN({...moment, ...taken, trainMs})
    await write(snapshot)
    for (const {of, error} of errors) await policy.report(of, error)
    training.start()
    return snapshot
  }

  return {
    runId: recorder.runId,
    begin: (models, from) =>
      serially(async () => {
        const current = plan ? prepareAgain(plan, models) : await prepare(settings, models)
        plan = current
        const beginning = await recorder.begin(() => describeRun(settings, current), from)
        signs.restart()
        training.start()
        return beginning
      }),
    snapshot: (moment, isTaken) => serially(() => take(moment, isTaken)),
    heartbeat: () =>
      serially(async () => {
        // waiting for the log is no training
        training.stop()
        try {
          await signs.settle()
          await recorder.heartbeat()
          signs.restart()
        } catch (error) {
          await policy.report('heartbeat', error)
        }
        training.start()
      }),
    giveSignIfDue: signs.giveIfDue,
    finish: (error) =>
      serially(async () => {
        training.stop()
        await settleSigns()
        const why = messageOf(error)
        const end =
          error === undefined ? recorder.finish('finished', lost) : recorder.finish('failed', why)
        await end.catch((problem) => policy.report('log', problem))
      }),
    report: policy.report,
  }
}

function only(plan: SnapshotPlan, isTaken: IsTaken): SnapshotPlan {
  const core = new Set([...plan.core].filter(isTaken))
  // the predicted class belongs to the labels, not to the option `measures`
  const own = plan.own.filter((measure) => measure.name === predictedName || isTaken(measure.name))
  return {...plan, core, own}
}

function failed(snapshot: Snapshot, reason: string): Snapshot {
  const nothing = {points: [], distances: [], bounds: [], measurements: [], timings: {}}
  return {...snapshot, ...nothing, status: 'failed', reason}
}

/** NaN is never stored: a loss or metric that is NaN is left out, and the reason says so. */
function withoutNaN(snapshot: Snapshot): Snapshot {
  const {loss = null, reason} = snapshot
  const metrics = Object.entries(snapshot.metrics ?? {})
  const gone = metrics.filter(([, value]) => Number.isNaN(value)).map(([name]) => name)
  if (Number.isNaN(loss)) gone.unshift('loss')
  if (!gone.length) return snapshot
  const note = `NaN and therefore not logged: ${gone.join(', ')}`
  return {
    ...snapshot,
    loss: Number.isNaN(loss) ? null : loss,
    metrics: Object.fromEntries(metrics.filter(([name]) => !gone.includes(name))),
    reason: reason ? `${reason}; ${note}` : note,
  }
}
