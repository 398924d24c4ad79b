import * as tf from '@tensorflow/tfjs'

/** A loss as TensorFlow.js or a training loop has it. */
export type Loss = number | tf.Tensor

/** Reads a number or a scalar tensor, which stays its owner's: History disposes the logs itself. */
export async function readNumber(value: Loss): Promise<number> {
  return value instanceof tf.Tensor ? (await value.data())[0]! : value
}

/** The loss and the other metrics that a callback is told at the end of a batch or an epoch. */
export async function readLogs(
  logs: Readonly<Record<string, Loss>> | undefined,
): Promise<{loss: number | null; metrics: Record<string, number>}> {
  const entries = Object.entries(logs ?? {}).filter(([name]) => name !== 'batch' && name !== 'size')
  // All at once: on a GPU each reading is a round trip.
  const numbers = await Promise.all(entries.map(([, value]) => readNumber(value)))
  const metrics: Record<string, number> = {}
  for (const [k, [name]] of entries.entries()) metrics[name] = numbers[k]!
  const {loss = null, ...others} = metrics
  return {loss, metrics: others}
}
