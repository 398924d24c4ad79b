/** Adds up the time between `start` and `stop`. */
export interface Stopwatch {
  readonly start: () => void
  readonly stop: () => void
  /** Milliseconds since it was last taken, without the stops between. */
  readonly take: () => number
}

export function createStopwatch(now: () => number = () => performance.now()): Stopwatch {
  let since: number | undefined
  let total = 0
  const stop = () => {
    if (since !== undefined) total += now() - since
    since = undefined
  }
  return {
    start: () => {
      since ??= now()
    },
    stop,
    take: () => {
      const isRunning = since !== undefined
      stop()
      const taken = total
      total = 0
      if (isRunning) since = now()
      return taken
    },
  }
}
