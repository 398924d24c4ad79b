/** What `fit` and `fitDataset` tell a callback; `fitDataset` leaves most of it null. */
export interface FitParams {
  readonly initialEpoch?: number | null
  readonly samples?: number | null
  readonly batchSize?: number | null
  readonly steps?: number | null
}

/** Counts completed epochs over all fits of a run. */
export interface EpochCounter {
  /** A fit begins. */
  readonly beginFit: (params: FitParams) => void
  readonly beginEpoch: (epoch: number) => void
  readonly countBatch: () => void
  readonly endEpoch: () => void
  /**
   * Completed epochs, with the fraction of the one under way where its number of batches is known.
   */
  readonly read: () => number
  readonly reset: (epoch: number) => void
}

/**
 * Numbers epochs as the user does where that goes on (`initialEpoch`), and else, when `fit` is
 * called again and starts from 0, from where the fit before ended.
 */
export function createEpochCounter(): EpochCounter {
  let completed = 0
  let offset: number | undefined
  let batches = 0
  let batchesPerEpoch: number | undefined
  return {
    beginFit: ({samples, batchSize, steps}) => {
      offset = undefined
      batches = 0
      batchesPerEpoch = steps ?? (samples && batchSize ? Math.ceil(samples / batchSize) : undefined)
    },
    beginEpoch: (epoch) => {
      offset ??= epoch < completed ? completed - epoch : 0
      completed = epoch + offset
      batches = 0
    },
    countBatch: () => {
      batches++
    },
    endEpoch: () => {
      completed++
      if (batches) batchesPerEpoch = batches
      batches = 0
    },
    read: () => {
      if (!batchesPerEpoch) return completed
      return (completed * batchesPerEpoch + Math.min(batches, batchesPerEpoch)) / batchesPerEpoch
    },
    reset: (epoch) => {
      completed = Math.floor(epoch)
    },
  }
}
