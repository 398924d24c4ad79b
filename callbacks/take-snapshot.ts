import * as tf from '@tensorflow/tfjs'
import type {Network} from '../src/network.js'
import type {Snapshot} from '../storage/snapshot.js'
import {asError} from './as-error.js'
import type {Classifier} from './classifier.js'
import type {Examples} from './data.js'
import {type DrawOptions, drawPoints} from './draw-points.js'
import {type Gathered, type MeasurePlan, tasksOf} from './measure-tasks.js'
import type {MeasureInput} from './measures/index.js'
import type {RadiiOf} from './radii.js'

/** What to measure, of which network, at which points. */
export interface SnapshotPlan extends DrawOptions, MeasurePlan {
  readonly network: Network
  readonly model: tf.LayersModel
  readonly classifier: Classifier
  readonly train: Examples
  readonly test: Examples | null
  /** Points per group. */
  readonly points: number
  readonly radiiOf: RadiiOf
  /** Milliseconds after which the snapshot stops and keeps what is whole. */
  readonly budgetMs?: number | undefined
  /** Called again and again while it is measured: from one chunk of points, layer or radius to the next. */
  readonly meanwhile?: (() => void) | undefined
}

/** The part of a snapshot that is measured, with the errors that happened on the way. */
export interface TakenSnapshot
  extends Gathered,
    Pick<Snapshot, 'status' | 'reason' | 'skipped' | 'measureMs'> {
  readonly errors: readonly SnapshotError[]
}

/** What went wrong, and what it spoilt: 'points' or a measure. */
export interface SnapshotError {
  readonly of: string
  readonly error: Error
}

/**
 * Draws points and measures the network at them, as it is now.
 *
 * Never rejects: what went wrong is in `errors` and `reason`, and whatever was measured all the
 * same is kept. A budget ends it even within a measure: between chunks of points, layers and radii. What is measured
 * for all points by then is kept, and at least one distance, or one bound at one radius, is.
 *
 * @param now a clock in milliseconds
 */
export async function takeSnapshot(
  plan: SnapshotPlan,
  step: number,
  now: () => number = () => performance.now(),
): Promise<TakenSnapshot> {
  const started = now()
  const gathered: Gathered = {points: [], distances: [], bounds: [], measurements: [], timings: {}}
  const errors: SnapshotError[] = []
  const skipped: string[] = []
  const {budgetMs = Infinity} = plan
  try {
    const request = await drawRequest(plan, step, gathered)
    gathered.timings.points = now() - started
    try {
      const isOver = () => {
        plan.meanwhile?.()
        return now() - started > budgetMs
      }
      for (const [index, task] of tasksOf(plan, request, gathered).entries()) {
        if (isOver() && index > 0) {
          skipped.push(task.name)
          continue
        }
        const begun = now()
        const leftOut = await task.run(isOver).catch(asError)
        if (!task.isCore) gathered.timings[task.name] = now() - begun
        if (!(leftOut instanceof Error)) {
          skipped.push(...leftOut)
          continue
        }
        errors.push({of: task.name, error: leftOut})
        // a network that cannot be measured has nothing to say to other measures either
        if (task.isCore) break
      }
    } finally {
      request.points.dispose()
    }
  } catch (error) {
    errors.push({of: 'points', error: asError(error)})
  }
  return {
    ...gathered,
    status: errors.length ? 'failed' : skipped.length ? 'partial' : 'complete',
    reason: reasonOf(errors, skipped, budgetMs),
    skipped: skipped.length ? skipped : null,
    measureMs: now() - started,
    errors,
  }
}

async function drawRequest(
  {network, model, classifier, train, test, points: n, ...plan}: SnapshotPlan,
  step: number,
  gathered: Gathered,
): Promise<Omit<MeasureInput, 'rng'>> {
  const [data, testData] = [train.points, test?.points ?? null]
  const [labels, testLabels] = [train.labels, test?.labels ?? null]
  const {points, logged} = await drawPoints(plan, {
    n,
    data,
    labels,
    testData,
    testLabels,
    network,
    model,
    classifier,
    memory: plan.memory,
    step,
  })
  gathered.points = logged
  return {
    network,
    model,
    labels: logged.map(({label}) => label ?? null),
    testData,
    radii: await plan.radiiOf(points),
    step,
    points: tf.tensor(points.values, [points.count, ...points.shape]),
  }
}

function reasonOf(errors: readonly SnapshotError[], skipped: readonly string[], budgetMs: number) {
  if (errors.length) return errors.map(({error}) => error.message).join('; ')
  return skipped.length ? `budgetMs: ${budgetMs} ms were used up` : null
}
