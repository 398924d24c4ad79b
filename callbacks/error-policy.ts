import {asError, messageOf} from './as-error.js'

/** What happens to errors while measuring and logging. */
export interface ErrorPolicy {
  /** Warns, once for each kind, or ends the run as failed and throws. */
  readonly report: (kind: string, error: unknown) => Promise<void>
}

/** @param endRun is awaited before an error is thrown */
export function createErrorPolicy(
  onError: 'warn' | 'throw',
  endRun: (error: Error) => Promise<void>,
): ErrorPolicy {
  const warned = new Set<string>()
  return {
    report: async (kind, thrown) => {
      const error = asError(thrown)
      if (onError === 'throw') {
        await endRun(error).catch(() => undefined)
        throw error
      }
      if (warned.has(kind)) return
      warned.add(kind)
      console.warn(
        `linear-regions: ${messageOf(error)} (the training goes on; more of this kind is not said again)`,
      )
    },
  }
}
