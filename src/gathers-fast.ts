import {getBackend} from '@tensorflow/tfjs'

/**
 * Whether the backend gathers rows of a matrix faster than they can be copied on the host and sent to it. WASM's gather is
 * several times slower than that, and in plain JavaScript both are the same loops.
 */
export function gathersFast(): boolean {
  return getBackend() !== 'wasm' && getBackend() !== 'cpu'
}
