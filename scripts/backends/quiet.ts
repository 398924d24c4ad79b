import * as tf from '@tensorflow/tfjs'

/**
 * Switches off the greeting of the plain JavaScript backend ("Hi, looks like you are running
 * TensorFlow.js in Node.js"), which advises what the loader has just tried, and nothing else:
 * production mode would silence warnings that matter too.
 */
export function silenceGreeting(): void {
  const backend = tf.findBackend('cpu') as unknown as {firstUse?: boolean} | null
  if (backend) backend.firstUse = false
}
