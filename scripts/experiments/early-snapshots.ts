import * as tf from '@tensorflow/tfjs'
import type {LinearRegionMonitor} from '../../callbacks/index.js'

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
