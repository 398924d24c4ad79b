import {UsageError} from './command.js'

/** Models as the command line names them. */
export interface ModelList {
  readonly model: readonly string[]
  readonly run: string | undefined
  /** Updates after which each model was saved: the models are checkpoints of one run. */
  readonly steps: readonly number[] | undefined
  /** Epochs after which each was saved. */
  readonly epochs: readonly number[] | undefined
}

/** One run of the log: a model, or the checkpoints of one training. */
export interface PlannedRun {
  readonly name: string
  readonly checkpoints: readonly {
    readonly path: string
    readonly step: number
    readonly epoch: number
  }[]
}

/**
 * Saved models to runs: one each, with a snapshot at step 0, unless `steps` makes them checkpoints
 * of one training. Epochs that are not given are counted 0, 1, 2, ...
 *
 * @throws `UsageError` where steps or epochs are not one for each model, or do not rise, or a name
 * would stand for several runs
 */
export function planRuns({model: models, run, steps, epochs}: ModelList): PlannedRun[] {
  checkSeries('steps', steps, models)
  checkSeries('epochs', epochs, models)
  if (epochs && !steps) throw new UsageError('epochs: expected --steps too, got none')
  if (steps) {
    const checkpoints = models.map((path, index) => ({
      path,
      step: steps[index]!,
      epoch: epochs?.[index] ?? index,
    }))
    return [{name: run ?? 'checkpoints', checkpoints}]
  }
  if (run !== undefined && models.length > 1) {
    throw new UsageError(
      `run: expected none for ${models.length} models, which are a run each, named by their path, got "${run}"; --steps makes them checkpoints of one run`,
    )
  }
  return models.map((path) => ({name: run ?? path, checkpoints: [{path, step: 0, epoch: 0}]}))
}

function checkSeries(
  option: string,
  values: readonly number[] | undefined,
  models: readonly string[],
): void {
  if (!values) return
  if (values.length !== models.length) {
    throw new UsageError(
      `${option}: expected one for each of ${models.length} models, got ${values.length}`,
    )
  }
  const falling = values.findIndex((value, index) => index > 0 && value <= values[index - 1]!)
  if (falling > 0) {
    throw new UsageError(
      `${option}: expected numbers that rise, got ${values[falling]} after ${values[falling - 1]}`,
    )
  }
}
