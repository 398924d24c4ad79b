import {setImmediate} from 'node:timers/promises'
import * as tf from '@tensorflow/tfjs'

/**
 * A callback that breaks `model.fit` off once the signal is aborted: fit rejects with its reason.
 * It lets the event loop turn after each batch, since a signal is heard only then, and reads no
 * loss, so that it costs the training nothing.
 */
export function interruptible(signal: AbortSignal): tf.Callback {
  class Interruptible extends tf.Callback {
    override async onBatchEnd(): Promise<void> {
      await setImmediate()
      signal.throwIfAborted()
    }
  }
  return new Interruptible()
}
