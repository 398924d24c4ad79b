import {setTimeout as sleep} from 'node:timers/promises'

/** Milliseconds from one attempt to the next, those that SQLite itself takes; the last again and again. */
const pauses = [1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100]

/**
 * Milliseconds to wait for a locked file; a function tells how many are left, and is asked each time
 * that the file is found locked.
 */
export type BusyTimeout = number | (() => number)

/**
 * Does `work` again for as long as the file is locked by somebody else. SQLite's own waiting would
 * hold one of the few threads that Node has for files: where as many logs of one process waited,
 * the one that has the lock could not go on.
 *
 * ```ts
 * await whileLocked(() => begin(), (error) => codeOf(error) === 'SQLITE_BUSY', 60_000)
 * ```
 *
 * @param isLocked whether an error of `work` says so
 * @param busyTimeout milliseconds after which that error is thrown
 * @throws what `work` throws
 */
export async function whileLocked<T>(
  work: () => Promise<T>,
  isLocked: (error: unknown) => boolean,
  busyTimeout: BusyTimeout,
  signal?: AbortSignal,
): Promise<T> {
  const started = performance.now()
  const leftOf =
    typeof busyTimeout === 'number' ? () => started + busyTimeout - performance.now() : busyTimeout
  for (let attempt = 0; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (!isLocked(error)) throw error
      const left = leftOf()
      if (left <= 0 || signal?.aborted) throw error
      await sleep(Math.min(pauses[attempt] ?? pauses.at(-1)!, left))
    }
  }
}
