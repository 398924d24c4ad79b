import {getBackend} from '@tensorflow/tfjs'

/** Fewer rows are copied on the host, and sent to the backend, as fast as its operations start. */
const many = 2048

/**
 * Whether the backend gathers so many rows of a matrix faster than they can be copied on the host and sent to it. WASM's
 * gather is several times slower than that, and in plain JavaScript both are the same loops.
 */
export function gathersFast(rows: number): boolean {
  return rows >= many && getBackend() !== 'wasm' && getBackend() !== 'cpu'
}
