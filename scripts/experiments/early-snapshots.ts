import * as tf from '@tensorflow/tfjs'
import type {LinearRegionMonitor} from '../../callbacks/index.js'
import {logSpaced} from '../../callbacks/schedule.js'

/**
 * The steps inside the first two epochs at which an experiment is measured, log-spaced, because
 * much of the movement is over by then. The ends of epochs are left out: the monitor measures there
 * anyway, and knows the loss of the whole epoch.
 *
 * @example
 * earlySteps({stepsPerEpoch: 63, epochs: 20, count: 5}) //-> [1, 3, 11, 38]
 */
export function earlySteps({
  stepsPerEpoch,
  epochs,
  count,
}: {
  stepsPerEpoch: number
  epochs: number
  count: number
}): number[] {
  const last = stepsPerEpoch * Math.min(2, epochs)
  if (count === 0 || last < 2) return []
  const steps = count === 1 ? [1] : logSpaced(1, last, count).steps
  return steps.filter((step) => step % stepsPerEpoch !== 0)
}

/** A callback that lets the monitor measure after some batches, besides its own schedule. */
export function earlySnapshots(
  monitor: LinearRegionMonitor,
  steps: readonly number[],
  stepsPerEpoch: number,
): tf.Callback {
  const due = new Set(steps)
  let step = 0
  class EarlySnapshots extends tf.Callback {
    override async onBatchEnd(_batch: number, logs?: tf.Logs): Promise<void> {
      step++
      if (!due.has(step)) return
      // A callback of the class itself is given tensors, whatever the type says.
      const {loss, acc} = (logs ?? {}) as unknown as Record<string, tf.Scalar | undefined>
      await monitor.measure({
        step,
        epoch: step / stepsPerEpoch,
        ...(loss && {loss}),
        ...(acc && {metrics: {acc}}),
      })
    }
  }
  return new EarlySnapshots()
}
