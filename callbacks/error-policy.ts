import {asError, messageOf} from './as-error.js'

/** What happens to errors while measuring and logging. */
export interface ErrorPolicy {
  /** Warns, once of each message and of few of a kind, or ends the run as failed and throws. */
  readonly report: (kind: string, error: unknown) => Promise<void>
}

/** Warnings of one kind: a message may hold a step, and then it is another at every snapshot. */
const mostOfAKind = 5

/** @param endRun is awaited before an error is thrown */
export function createErrorPolicy(
  onError: 'warn' | 'throw',
  endRun: (error: Error) => Promise<void>,
): ErrorPolicy {
  const said = new Set<string>()
  const counts = new Map<string, number>()
  return {
    report: async (kind, thrown) => {
      const error = asError(thrown)
      if (onError === 'throw') {
        await endRun(error).catch(() => undefined)
        throw error
      }
      const message = messageOf(error)
      const count = (counts.get(kind) ?? 0) + 1
      if (said.has(message) || count > mostOfAKind) return
      said.add(message)
      counts.set(kind, count)
      const rest =
        count === mostOfAKind ? 'more of this kind is not said' : 'the same is not said again'
      console.warn(`linear-regions: ${message} (the training goes on; ${rest})`)
    },
  }
}
