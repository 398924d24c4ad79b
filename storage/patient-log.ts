import {serialize} from 'node:v8'
import {openDirectly} from './direct-log.js'
import {LogError} from './errors.js'
import type {Log} from './log.js'
import type {LogOptions} from './open-database.js'
import {createQueue} from './queue.js'
import {sayAloud} from './say-aloud.js'
import {codeOf} from './sqlite-handle.js'

/** What could not be written yet. */
interface Kept {
  /** Step of a snapshot; null: what becomes of the run. */
  readonly step: number | null
  readonly bytes: number
  readonly write: () => Promise<void>
}

/** Milliseconds to wait where nothing is trained yet: for a file that others are just making, too. */
const beforeTraining = 60_000

/** Bytes of snapshots that are kept, at the most. */
const mostKept = 2 ** 28

/**
 * A log in a file that another process may lock while a training goes on. The first time that it
 * cannot be written it is waited for, `patience` milliseconds. After that whatever is to be written
 * is kept in memory, in its order, and each later call tries once, without waiting, to write all
 * of it; `close` waits `patience` once more, and rejects with what is lost.
 *
 * Opening the file and beginning a run is another matter: nothing is trained yet, and what is
 * refused then is not lost. It is waited for longer, and said.
 *
 * @throws LogError as `openLog` does
 */
export async function openPatientLog(path: string, options: LogOptions): Promise<Log> {
  const {patience = 2000, warn = sayAloud, ...others} = options
  const kept: Kept[] = []
  let isLocked = false
  /** When the call under way has waited long enough, and when that is to be said before. */
  let deadline = Infinity
  let lateAt = Infinity
  let isLate = false
  let closing: Promise<void> | undefined
  const serially = createQueue()

  const waiting = () => {
    const now = performance.now()
    if (now >= lateAt && !isLate) warn(lateText(path))
    isLate ||= now >= lateAt
    return deadline - now
  }

  /** Lets `work` wait for the file so long at the most, all in all. */
  const within = async <T>(milliseconds: number, work: () => Promise<T>): Promise<T> => {
    deadline = performance.now() + milliseconds
    return work()
  }

  const unhurried = async <T>(work: () => Promise<T>): Promise<T> => {
    lateAt = performance.now() + patience
    try {
      return await within(beforeTraining, work)
    } finally {
      lateAt = Infinity
    }
  }

  /** False: the file is locked. */
  const attempt = async (work: () => Promise<void>): Promise<boolean> => {
    try {
      await work()
      return true
    } catch (error) {
      if (codeOf(error) === 'SQLITE_BUSY') return false
      throw error
    }
  }

  /** Writes what is kept; false: something is left. */
  const deliver = async (): Promise<boolean> => {
    for (let next = kept[0]; next; next = kept[0]) {
      try {
        if (!(await attempt(next.write))) return false
      } catch (error) {
        warn(`${(error as Error).message}; what was kept meanwhile of ${describe([next])} is lost`)
      }
      kept.shift()
    }
    return true
  }

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    if (closing) throw new LogError(`database: "${path}" was closed; open it again`)
    return serially(work)
  }

  const write = (work: () => Promise<void>, keep?: () => Omit<Kept, 'write'>) =>
    inTurn(async () => {
      const isWritten = await within(
        isLocked ? 0 : patience,
        async () => (await deliver()) && (await attempt(work)),
      )
      if (isWritten && isLocked)
        warn(`database: "${path}" can be written again, and nothing is lost`)
      if (!isWritten && !isLocked) warn(lockedText(path, patience))
      isLocked = !isWritten
      if (!isWritten && keep) store({...keep(), write: work})
    })

  const store = (item: Kept) => {
    const bytes = kept.reduce((sum, each) => sum + each.bytes, item.bytes)
    if (bytes > mostKept)
      throw new LogError(
        `database: "${path}" stayed locked by another process, and no more than ${mostKept / 2 ** 20} MB are kept meanwhile; end that process`,
      )
    kept.push(item)
  }

  const log = await unhurried(() => openDirectly(path, {...others, waiting}))
  const ofRun = () => ({step: null, bytes: 0})
  return {
    ...log,
    startRun: async (run) => inTurn(() => unhurried(() => log.startRun(run))),
    resumeRun: async (run) => inTurn(() => unhurried(() => log.resumeRun(run))),
    writeSnapshot: async (runId, snapshot) =>
      write(
        () => log.writeSnapshot(runId, snapshot),
        () => ({step: snapshot.step, bytes: serialize(snapshot).byteLength}),
      ),
    heartbeat: async (runId) => write(() => log.heartbeat(runId)),
    reopenRun: async (runId) => write(() => log.reopenRun(runId), ofRun),
    finishRun: async (runId, status, error) =>
      write(() => log.finishRun(runId, status, error), ofRun),
    close() {
      closing ??= serially(async () => {
        try {
          if (await within(patience, deliver)) return
        } finally {
          await log.close()
        }
        throw new LogError(
          `database: "${path}" stayed locked by another process to the end: ${describe(kept)} could not be written and is lost; end that process before the next training, or raise patience`,
        )
      })
      return closing
    },
  }
}

function lateText(path: string): string {
  return `database: "${path}" is locked by another process; it is waited for before the training, ${beforeTraining / 1000} s at the most`
}

function lockedText(path: string, patience: number): string {
  return `database: "${path}" is locked by another process, for more than ${patience} ms (patience); the training goes on, and what it logs is kept in memory until the file can be written`
}

function describe(kept: readonly Kept[]): string {
  const steps = kept.map(({step}) => step).filter((step) => step !== null)
  const ofRun = steps.length < kept.length ? ['the state of the run'] : []
  const ofSteps = steps.length
    ? [`${steps.length === 1 ? 'step' : 'steps'} ${steps.join(', ')}`]
    : []
  return [...ofSteps, ...ofRun].join(' and ')
}
