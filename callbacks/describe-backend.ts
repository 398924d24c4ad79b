import * as tf from '@tensorflow/tfjs'
import {native64} from '../src/forward/native64.js'
import {coarseProducts, measureRoundoff} from '../src/forward/rounding.js'
import {deviceCosts} from '../src/on-device/costs.js'

/** What a run's row says of TensorFlow.js. */
export interface BackendDescription {
  readonly backend: string
  /** 'CPU' or 'GPU' where the backend tells. */
  readonly device: string | null
  readonly tfjsVersion: string
  /**
   * `environment`, with the unit round-off of the backend's matrix product, where float64 is computed, and the milliseconds
   * of a round trip to the device, 0 where reading back is none.
   */
  readonly environment: object
}

/**
 * The active backend; `environment.device` says more of the device where it is known.
 *
 * Warns where matrix products are coarser than float32's, unless `environment` shows that this is known.
 */
export async function describeBackend(environment: object): Promise<BackendDescription> {
  await tf.ready()
  const backend = tf.getBackend()
  const {device, roundoff: known} = environment as {device?: unknown; roundoff?: unknown}
  const roundoff = typeof known === 'number' ? known : await measureRoundoff()
  const warning = known === roundoff ? undefined : coarseProducts(backend, roundoff)
  if (warning !== undefined) console.warn(`linear-regions: ${warning}`)
  return {
    backend,
    device: typeof device === 'string' ? device : deviceOf(backend),
    tfjsVersion: tf.version.tfjs,
    environment: {
      ...environment,
      roundoff,
      float64: native64() ? 'backend' : 'host',
      roundTrip: (await deviceCosts()).wait,
    },
  }
}

function deviceOf(backend: string): string | null {
  if (backend === 'cpu' || backend === 'wasm') return 'CPU'
  // the native backend loads the GPU library on a machine without one, and then says so only here
  const {isUsingGpuDevice} = tf.backend() as {isUsingGpuDevice?: boolean}
  return isUsingGpuDevice === undefined ? null : isUsingGpuDevice ? 'GPU' : 'CPU'
}
