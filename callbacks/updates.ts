/** What is used of a `tf.Optimizer`: it counts its updates. */
export interface CountingOptimizer {
  readonly iterations?: number
}

/**
 * Counts completed updates of the optimiser over all fits of a run, from the optimiser's own count,
 * so that no batch hook is needed. Where there is a batch hook, that counts, which holds for
 * optimisers of one's own too.
 */
export interface UpdateCounter {
  /** Follows this optimiser from now on; updates it made since it was last asked count. */
  readonly follow: (optimizer: CountingOptimizer | undefined) => void
  /** Completed updates. */
  readonly read: () => number
  /** One more batch is done. */
  readonly countBatch: () => void
  readonly reset: (step: number) => void
}

export function createUpdateCounter(): UpdateCounter {
  let step = 0
  let followed: CountingOptimizer | undefined
  let seen = 0
  const read = () => {
    const made = followed?.iterations ?? 0
    step += Math.max(0, made - seen)
    seen = made
    return step
  }
  return {
    read,
    follow: (optimizer) => {
      read()
      if (optimizer !== followed) seen = optimizer?.iterations ?? 0
      followed = optimizer
    },
    countBatch: () => {
      step++
      seen = followed?.iterations ?? 0
    },
    reset: (to) => {
      step = to
      seen = followed?.iterations ?? 0
    },
  }
}
