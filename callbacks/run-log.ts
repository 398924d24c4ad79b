import type {Log} from '../storage/log.js'

/**
 * What the monitor writes a run to: a log that `openLog` has opened, or one of one's own, as in a
 * browser, which has no database. Going on with an earlier run needs `openLog`'s.
 *
 * ```ts
 * const log: RunLog = {
 *   startRun: async () => 'run-1',
 *   writeSnapshot: async (runId, {step, distances}) => console.log(runId, step, distances),
 *   heartbeat: async () => {},
 *   reopenRun: async () => {},
 *   finishRun: async (runId, status) => console.log(runId, status),
 * }
 * linearRegionMonitor({data, database: log})
 * ```
 */
export type RunLog = Pick<
  Log,
  'startRun' | 'writeSnapshot' | 'heartbeat' | 'reopenRun' | 'finishRun'
>
