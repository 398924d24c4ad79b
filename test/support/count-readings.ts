import {backend, getBackend} from '@tensorflow/tfjs'

type Read = (...given: unknown[]) => unknown

/**
 * Counts how often numbers are read back from the active backend until `stop`. Kernels of WASM read their own memory, and
 * native TensorFlow's the indices that they are given; both lie on the host. Elsewhere a kernel that reads counts.
 */
export function watchReadings(): {readonly count: () => number; readonly stop: () => void} {
  const on = backend() as unknown as Record<'read' | 'readSync', Read>
  const {read, readSync} = on
  let count = 0
  let depth = 0
  // A backend may read through its own other function.
  const counted = (own: Read): Read =>
    function (this: unknown, ...given) {
      if (depth === 0) count++
      depth++
      try {
        return own.apply(this, given)
      } finally {
        depth--
      }
    }
  Object.assign(on, {read: counted(read)})
  if (!['wasm', 'tensorflow'].includes(getBackend()))
    Object.assign(on, {readSync: counted(readSync)})
  return {count: () => count, stop: () => void Object.assign(on, {read, readSync})}
}

/** How often `work` reads numbers back from the active backend. */
export async function countReadings(work: () => Promise<unknown>): Promise<number> {
  const {count, stop} = watchReadings()
  try {
    await work()
    return count()
  } finally {
    stop()
  }
}
