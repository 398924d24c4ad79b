import * as tf from '@tensorflow/tfjs'

/** What a run's row says of TensorFlow.js. */
export interface BackendDescription {
  readonly backend: string
  /** 'CPU' or 'GPU' where the backend tells. */
  readonly device: string | null
  readonly tfjsVersion: string
}

/** The active backend; `environment.device` says more of the device where it is known. */
export async function describeBackend(environment: object): Promise<BackendDescription> {
  await tf.ready()
  const backend = tf.getBackend()
  const {device} = environment as {device?: unknown}
  return {
    backend,
    device: typeof device === 'string' ? device : deviceOf(backend),
    tfjsVersion: tf.version.tfjs,
  }
}

function deviceOf(backend: string): string | null {
  if (backend === 'cpu' || backend === 'wasm') return 'CPU'
  // the native backend loads the GPU library on a machine without one, and then says so only here
  const {isUsingGpuDevice} = tf.backend() as {isUsingGpuDevice?: boolean}
  return isUsingGpuDevice === undefined ? null : isUsingGpuDevice ? 'GPU' : 'CPU'
}
