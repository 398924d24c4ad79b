import * as tf from '@tensorflow/tfjs'
import type {LinearRegionMonitor} from '../../callbacks/index.js'
import type {ImageTensors} from './tensors.js'

/** What is evaluated with each snapshot. */
export interface SnapshotData {
  readonly train: Pick<ImageTensors, 'images' | 'targets'>
  readonly test: Pick<ImageTensors, 'images' | 'targets'>
}

/** When to measure, and what to do besides. */
export interface SnapshotPlan {
  readonly steps: readonly number[]
  readonly stepsPerEpoch: number
  /** Names of the measures to take at a step. */
  readonly measuresAt: (step: number) => readonly string[]
  /** Called with each snapshot's step. */
  readonly onSnapshot: (step: number) => Promise<void>
}

/**
 * A callback that lets the monitor measure at some steps, the first before the first batch, with the
 * loss and the accuracy of the network as it then is: `train_loss`, `train_acc` over all training images,
 * `val_loss`, `val_acc` over the test images. It comes after the monitor in the list of callbacks.
 */
export function snapshots(
  monitor: LinearRegionMonitor,
  data: SnapshotData,
  {steps, stepsPerEpoch, measuresAt, onSnapshot}: SnapshotPlan,
): tf.Callback {
  const due = new Set(steps)
  let step = 0
  class Snapshots extends tf.Callback {
    override async onTrainBegin(): Promise<void> {
      await this.#measure()
    }

    override async onBatchEnd(_batch: number, logs?: tf.Logs): Promise<void> {
      step++
      // A callback of the class itself is given tensors, whatever the type says.
      await this.#measure((logs as Record<string, tf.Scalar> | undefined)?.loss)
    }

    async #measure(loss?: tf.Scalar): Promise<void> {
      if (!due.has(step)) return
      const model = this.model as tf.LayersModel
      const metrics = {
        ...(await evaluate(model, data.train, 'train')),
        ...(await evaluate(model, data.test, 'val')),
      }
      const measures = measuresAt(step)
      const moment = {step, epoch: step / stepsPerEpoch, metrics, measures}
      await monitor.measure({...moment, ...(loss && {loss})})
      await onSnapshot(step)
    }
  }
  return new Snapshots()
}

async function evaluate(
  model: tf.LayersModel,
  {images, targets}: SnapshotData['train'],
  prefix: string,
): Promise<Record<string, number>> {
  const [loss, accuracy] = model.evaluate(images, targets, {batchSize: 1000}) as tf.Scalar[]
  const [[lossValue], [accuracyValue]] = await Promise.all([loss!.data(), accuracy!.data()])
  tf.dispose([loss!, accuracy!])
  return {[`${prefix}_loss`]: lossValue!, [`${prefix}_acc`]: accuracyValue!}
}
