/** Signs of life that a run gives while something lasts long. */
export interface SignsOfLife {
  /**
   * Gives one if the last is long enough ago. Takes no time: it is on its way while the training
   * goes on, and at most one is.
   */
  readonly giveIfDue: () => void
  /** Something else has just given one. */
  readonly restart: () => void
  /** Waits for the one that is on its way, and rejects with what has gone wrong since it was last called. */
  readonly settle: () => Promise<void>
}

/**
 * @param give writes a sign of life
 * @param every seconds from one to the next, at the least
 * @param now a clock in milliseconds
 */
export function createSignsOfLife(
  give: () => Promise<void>,
  every: number,
  now: () => number = () => performance.now(),
): SignsOfLife {
  let last = now()
  let giving: Promise<void> | undefined
  let failure: {readonly error: unknown} | undefined
  const restart = () => {
    last = now()
  }
  const giveOne = async () => {
    try {
      await give()
    } catch (error) {
      failure ??= {error}
    }
    giving = undefined
  }
  return {
    giveIfDue: () => {
      if (giving || now() - last < 1000 * every) return
      restart()
      giving = giveOne()
    },
    restart,
    settle: async () => {
      await giving
      const failed = failure
      failure = undefined
      if (failed) throw failed.error
    },
  }
}
