import type {Log} from '../storage/log.js'
import type {ResumedRun, RunStart, Snapshot} from '../storage/snapshot.js'

/** Where to log, and whether to go on with an earlier run. */
export interface RecorderOptions {
  readonly database: string | Log
  /** As `openTrainingLog` takes them; undefined: its defaults. */
  readonly spool?: string | false | undefined
  readonly patience?: number | undefined
  readonly resume: 'never' | 'allow' | 'must'
  readonly runId: string | undefined
}

/** Where the run begins: its updates and epochs so far. */
export interface Beginning {
  readonly step: number
  readonly epoch: number
}

/** What is known of that when the training begins. */
export interface Start extends Partial<Beginning> {
  /** The optimiser has made no update, and nobody said where the training is. */
  readonly untrained?: boolean
  /** The training is on its way: a run that has ended is not taken up again. */
  readonly isGoing?: boolean
}

/** The life of one run in the log. A log that was opened here is closed when the run ends. */
export interface Recorder {
  /** The run's id once it has begun, else null. */
  readonly runId: () => string | null
  /**
   * Opens the log and starts the run, or resumes it at `from`, and gives where it begins; null
   * where it goes on, taken up again if it was finished.
   */
  readonly begin: (describe: () => Promise<RunStart>, from: Start) => Promise<Beginning | null>
  readonly write: (snapshot: Snapshot) => Promise<void>
  readonly heartbeat: () => Promise<void>
  /** Closes the run, if one is under way. */
  readonly finish: (status: 'finished' | 'failed', error?: string) => Promise<void>
}

export function createRecorder({
  database,
  spool,
  patience,
  resume,
  runId: wanted,
}: RecorderOptions): Recorder {
  let runId: string | null = null
  let log: Log | null = null

  const open = async () => {
    if (typeof database !== 'string') return database
    // a browser with a log of its own never loads SQLite
    const {openTrainingLog} = await import('../storage/log.js')
    return openTrainingLog(database, {
      ...(spool !== undefined && {spool}),
      ...(patience !== undefined && {patience}),
    })
  }
  const close = async () => {
    const closing = log
    log = null
    if (typeof database === 'string') await closing?.close()
  }
  const openRun = () => {
    if (log && runId) return {log, runId}
    throw new Error(
      'no run is under way: measure only after the training began and before finish()',
    )
  }
  return {
    runId: () => runId,
    begin: async (describe, {isGoing = false, ...from}) => {
      if (log) return null
      // nobody would end it a second time
      if (runId && isGoing) throw new Error(ended)
      log = await open()
      try {
        if (runId) {
          // the same process goes on: there is nothing to describe anew as there is on resuming
          await log.reopenRun(runId)
          return null
        }
        const run = await describe()
        if (resume === 'never') {
          runId = await log.startRun(run)
          return {step: 0, epoch: 0}
        }
        const resumed = await log.resumeRun({
          ...run,
          must: resume === 'must',
          ...(wanted !== undefined && {runId: wanted}),
          ...from,
        })
        runId = resumed.runId
        if (resumed.deleted > 0) console.warn(deletedText(resumed))
        if (!resumed.resumed && isUnderWay(from)) console.warn(begunText(runId, run.name, from))
        return {step: resumed.step, epoch: await epochOf(log, runId, resumed.step)}
      } catch (error) {
        await close()
        throw error
      }
    },
    write: async (snapshot) => {
      const {log, runId} = openRun()
      await log.writeSnapshot(runId, snapshot)
    },
    heartbeat: async () => {
      const {log, runId} = openRun()
      await log.heartbeat(runId)
    },
    finish: async (status, error) => {
      if (!log || !runId) return
      try {
        await log.finishRun(runId, status, error)
      } finally {
        await close()
      }
    },
  }
}

const ended =
  'measure: the run has ended, with finish or with fit; measure before that, or make another monitor'

function deletedText({runId, step, deleted}: ResumedRun): string {
  const beyond = deleted === 1 ? '1 snapshot beyond it was' : `${deleted} snapshots beyond it were`
  return `linear-regions: resume: run ${runId} goes on at step ${step}; ${beyond} deleted`
}

const isUnderWay = ({step = 0, epoch = 0}: Start) => step > 0 || epoch > 0

/** A training that goes on without its run: more likely another log or name than meant so. */
function begunText(runId: string, name: string, {step, epoch}: Start): string {
  const at = epoch === undefined ? `step ${step}` : `epoch ${epoch}`
  return (
    `linear-regions: resume: the log holds no unfinished run ${JSON.stringify(name)}; ` +
    `run ${runId} begins at ${at}`
  )
}

async function epochOf({db}: Log, runId: string, step: number): Promise<number> {
  const snapshot = await db
    .selectFrom('snapshots')
    .select('epoch')
    .where('run_id', '=', runId)
    .where('step', '=', step)
    .executeTakeFirst()
  return snapshot?.epoch ?? 0
}
