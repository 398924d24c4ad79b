import {asError, messageOf} from '../callbacks/as-error.js'
import type {Log} from '../storage/log.js'
import type {RunStart, Snapshot} from '../storage/snapshot.js'
import type {ChosenBackend} from './backends/load.js'

/** A log as one command uses it. */
export interface RunLog extends Log {
  /** The runs that were started through it, in their order. */
  readonly startedRuns: readonly string[]
  /**
   * For what was broken off: closes the runs that are still open, all that can be, as failed with
   * that error, and throws it. Where a run cannot be closed, perhaps because the log is what broke,
   * the error that came first is still the one that is thrown, with the others as its cause.
   */
  breakOff(error: unknown): Promise<never>
}

export interface RunLogOptions {
  readonly backend: ChosenBackend
  readonly argv: readonly string[]
  /** Told of each snapshot once it is stored. */
  readonly onSnapshot?: (snapshot: Snapshot) => void
}

/**
 * A log that adds to each run what only the command knows: the backend that was chosen, why others
 * were not, and the command line. It remembers which runs are open, because `model.fit` does not
 * tell its callbacks when it is broken off.
 *
 * @example
 * const runs = openRunLog(await openLog('runs.db'), {backend: await loadBackend(), argv})
 * const monitor = linearRegionMonitor({data, database: runs})
 */
export function openRunLog(
  log: Log,
  {backend, argv, onSnapshot = () => undefined}: RunLogOptions,
): RunLog {
  const startedRuns: string[] = []
  const open = new Set<string>()
  const {name, device, warnings: _, ...rest} = backend
  const describe = (run: RunStart): RunStart => ({
    ...run,
    backend: name,
    device,
    environment: {...run.environment, ...rest},
    argv: ['linear-regions', ...argv],
  })
  return {
    ...log,
    startedRuns,
    async startRun(run) {
      const id = await log.startRun(describe(run))
      startedRuns.push(id)
      open.add(id)
      return id
    },
    async writeSnapshot(runId, snapshot) {
      await log.writeSnapshot(runId, snapshot)
      onSnapshot(snapshot)
    },
    async finishRun(runId, status, error) {
      await log.finishRun(runId, status, error)
      open.delete(runId)
    },
    async breakOff(thrown) {
      const error = asError(thrown)
      const failures: unknown[] = []
      for (const id of open) {
        try {
          await log.finishRun(id, 'failed', messageOf(error))
          open.delete(id)
        } catch (failure) {
          failures.push(failure)
        }
      }
      if (failures.length > 0)
        error.cause ??= new AggregateError(failures, 'runs that could not be closed')
      throw error
    },
  }
}
