import {backend} from '@tensorflow/tfjs'

/** What is measured once for each backend. */
export interface OncePerBackend<T> {
  /** What the active backend gave; one that failed is asked again: a GPU may be short of memory for a moment. */
  ask(): Promise<T>
  /** Takes this for the active backend's from now on; undefined has it measured anew. */
  assume(value: T | undefined): void
}

/**
 * Measures at first use, and remembers as long as the backend lives.
 *
 * ```ts
 * const roundoff = oncePerBackend(measureRoundoff)
 * await roundoff.ask()
 * ```
 */
export function oncePerBackend<T>(measure: () => Promise<T>): OncePerBackend<T> {
  const known = new WeakMap<object, Promise<T>>()
  return {
    async ask() {
      const on = backend()
      const found = known.get(on) ?? measure()
      known.set(on, found)
      try {
        return await found
      } catch (error) {
        known.delete(on)
        throw error
      }
    },
    assume(value) {
      if (value === undefined) known.delete(backend())
      else known.set(backend(), Promise.resolve(value))
    },
  }
}
