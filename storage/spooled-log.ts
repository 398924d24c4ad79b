import {existsSync} from 'node:fs'
import {LogError} from './errors.js'
import type {Log} from './log.js'
import {type LogOptions, type OpenDatabase, prepareServer} from './open-database.js'
import {checkOwner, TakenOverError} from './ownership.js'
import {isOfDatabase, isUnreachable} from './postgres-errors.js'
import {createQueue} from './queue.js'
import {resumeRun} from './resume-run.js'
import {finishRun, giveSign, insertRun, newRun, type RunRows, readRun, reopenRun} from './runs.js'
import {sayAloud} from './say-aloud.js'
import {
  checkSpoolFolder,
  deliverNext,
  isFilled,
  openSpool,
  removeSpool,
  reopenSpool,
  type Spool,
  spoolPath,
  spoolsIn,
  waitingIn,
} from './spool.js'
import {writeSnapshot} from './write-snapshot.js'

/** A run that this process writes. */
interface OpenRun {
  readonly rows: RunRows
  /** What waits for the server; then everything goes through it, so that the order stays. */
  spool?: Spool | undefined
  /** Another process has resumed it: nothing more of it is written. */
  lost?: TakenOverError
}

/** Milliseconds for which a living training may lock its own spool, which is no concern of others. */
const momentOfOthers = 1000

/** Milliseconds between two attempts to reach a server: doubled from the first to the last. */
const pauses = {first: 1000, last: 60_000}

/**
 * A log on a server that may go away. Each method first tries the server, for `patience`
 * milliseconds; where that fails it writes to the run's spool instead, and as long as
 * something is in there everything goes there first. Each later call, when its time has come, delivers
 * what waits, in its order, and so does `close`. Calls come one after another: what one run keeps may
 * be delivered by the call of another.
 *
 * @throws LogError where the server is there and refuses: no such database, no right, no log of ours;
 * where the folder for spools is none or cannot be written to
 */
export async function openSpooledLog(address: string, options: LogOptions): Promise<Log> {
  const {patience = 5000, warn = sayAloud} = options
  const folder = checkSpoolFolder(options.spool ?? '.')
  const server = await prepareServer(address, {...options, patience})
  // questions of the user's own go through other connections, which are not broken off
  const writing = await prepareServer(address, {...options, patience})
  const destination = writing.dialect.place
  const runs = new Map<string, OpenRun>()
  let isChecked = false
  let lastFailure: Error | undefined
  let retryAt = 0
  let pause = pauses.first
  let closing: Promise<void> | undefined
  const serially = createQueue()

  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    if (closing) throw new LogError(`database: "${destination}" was closed; open it again`)
    return serially(work)
  }

  /** When a call that begins now has waited long enough. */
  const endOfPatience = () => Date.now() + patience

  /** Lets `work` use the server; throws where it has not ended by then. */
  const inTime = async <T>(
    work: (to: OpenDatabase) => Promise<T>,
    until = endOfPatience(),
  ): Promise<T> => {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(
          new LogError(`database: "${destination}" did not answer in ${patience} ms`, {
            cause: timedOut,
          }),
        )
        writing.dialect.abandon()
      }, until - Date.now())
    })
    const done = (async () => {
      if (!isChecked) await writing.check()
      isChecked = true
      return await work(writing)
    })()
    done.catch(() => undefined)
    try {
      const result = await Promise.race([done, late])
      retryAt = 0
      pause = pauses.first
      return result
    } catch (error) {
      if (isUnreachable(error)) {
        lastFailure = error as Error
        retryAt = Date.now() + pause
        pause = Math.min(2 * pause, pauses.last)
      }
      throw error
    } finally {
      clearTimeout(timer)
    }
  }

  /** Delivers what waits until a moment, or without one to the end; false: something is left. */
  const deliver = async (until?: number): Promise<boolean> => {
    const waiting = [...runs].filter(([, {spool, lost}]) => spool && !lost)
    if (waiting.length === 0) return true
    if (until !== undefined && Date.now() < retryAt) return false
    for (const [id, run] of waiting) {
      const spool = run.spool!
      try {
        await inTime(({db}) => checkOwner(db, id), until)
        while (await inTime((to) => deliverNext(spool, to), until)) {
          if (until !== undefined && Date.now() >= until) return false
        }
      } catch (error) {
        if (!isUnreachable(error))
          warn(`${(error as Error).message}; run ${id} stays in ${spool.path}`)
        if (!(error instanceof TakenOverError)) return false
        run.lost = error
        continue
      }
      run.spool = undefined
      await removeSpool(spool)
      warn(`run ${id}: delivered to "${destination}", ${spool.path} was deleted`)
    }
    return true
  }

  /** Writes to the server, or to the spool of a run. */
  const write = (runId: string, work: (to: OpenDatabase) => Promise<void>): Promise<void> =>
    inTurn(() => writeNow(runId, work))

  const writeNow = async (
    runId: string,
    work: (to: OpenDatabase) => Promise<void>,
  ): Promise<void> => {
    const until = endOfPatience()
    await deliver(until)
    const run = runs.get(runId)
    if (!run) return inTime(work, until)
    if (run.lost) throw run.lost
    if (!run.spool) {
      const failure = await attempt(() => inTime(work, until))
      if (!failure) return
      run.spool = await beginSpool(run.rows, failure)
    }
    await work(run.spool)
  }

  const attempt = async (work: () => Promise<void>): Promise<Error | undefined> => {
    if (Date.now() < retryAt) return lastFailure
    try {
      await work()
    } catch (error) {
      if (!isOfDatabase(error)) throw error
      return error as Error
    }
  }

  const beginSpool = async (rows: RunRows, failure: Error): Promise<Spool> => {
    const {message} = failure
    try {
      // the rows are those that the run began with, and it lives now
      const run = {...rows.run, heartbeat_at: new Date().toISOString()}
      const spool = await openSpool(folder, {...rows, run}, destination)
      warn(
        `${message}; run ${rows.run.id} is kept in ${spool.path} until it is back, or \`linear-regions sync\` delivers it`,
      )
      return spool
    } catch (error) {
      throw new LogError(
        `${message}; and nothing can be kept meanwhile: ${(error as Error).message}`,
        {
          cause: error,
        },
      )
    }
  }

  /**
   * Delivers what an earlier process left in the folder, of runs that nobody fills any more. Whatever
   * else lies there is not this run's, and must not stop it.
   */
  const deliverLeftovers = async (name: string): Promise<void> => {
    for (const path of spoolsIn(folder)) {
      try {
        await deliverLeftover(path, name)
      } catch (error) {
        // without the server nothing can be resumed
        if (isUnreachable(error)) throw error
        warn(`${(error as Error).message}; ${path} is left as it is`)
      }
    }
  }

  const deliverLeftover = async (path: string, name: string): Promise<void> => {
    const spool = await reopenSpool(path, {busyTimeout: momentOfOthers})
    try {
      const rows = await readRun(spool.db, spool.runId)
      const isOurs = spool.destination === destination && rows?.run.name === name
      if (!isOurs || (await isFilled(spool))) return
      while (await inTime((to) => deliverNext(spool, to)));
      await removeSpool(spool)
    } finally {
      await spool.db.destroy()
    }
  }

  /** Takes a run up that an earlier log of this process has written. */
  const findAgain = async (runId: string): Promise<void> => {
    if (runs.has(runId)) return
    const path = spoolPath(folder, runId)
    const spool = existsSync(path) ? await reopenSpool(path) : undefined
    const rows = await (spool ? readRun(spool.db, runId) : inTime(({db}) => readRun(db, runId)))
    if (rows) runs.set(runId, {rows, spool})
  }

  const start = async (run: Parameters<Log['startRun']>[0]): Promise<string> => {
    const rows = await newRun(run)
    const {id} = rows.run
    const until = endOfPatience()
    await deliver(until)
    const insert = ({db}: OpenDatabase) =>
      db.transaction().execute((transaction) => insertRun(transaction, rows))
    const failure = await attempt(() => inTime(insert, until))
    // whoever is refused by a server that is there has made a mistake
    if (failure && !isUnreachable(failure)) throw failure
    runs.set(id, {rows, spool: failure && (await beginSpool(rows, failure))})
    return id
  }

  try {
    await inTime(async () => undefined)
  } catch (error) {
    // it may come: whatever waits for it is kept meanwhile
    if (!isUnreachable(error)) {
      await Promise.all([server.db.destroy(), writing.db.destroy()])
      throw error
    }
  }

  return {
    startRun: (run) => inTurn(() => start(run)),
    resumeRun: (run) =>
      inTurn(async () => {
        await deliverLeftovers(run.name)
        const resumed = await inTime(({db, dialect}) => resumeRun(db, dialect, run))
        const rows = await inTime(({db}) => readRun(db, resumed.runId))
        runs.set(resumed.runId, {rows: rows!})
        return resumed
      }),
    writeSnapshot: (runId, snapshot) =>
      write(runId, ({db, dialect}) => writeSnapshot(db, dialect, runId, snapshot)),
    heartbeat: (runId) => write(runId, ({db, dialect}) => giveSign(db, dialect, runId)),
    reopenRun: (runId) =>
      inTurn(async () => {
        await findAgain(runId)
        await writeNow(runId, ({db, dialect}) => reopenRun(db, dialect, runId))
      }),
    finishRun: (runId, status, error) =>
      write(runId, ({db, dialect}) => finishRun(db, dialect, runId, status, error)),
    db: server.db,
    dialect: server.dialect,
    path: address,
    close() {
      closing ??= serially(async () => {
        await deliver()
        for (const {spool} of runs.values()) {
          if (!spool) continue
          const waiting = await waitingIn(spool)
          warn(
            `${waiting} ${waiting === 1 ? 'snapshot waits' : 'snapshots wait'} in ${spool.path} for "${destination}"; \`linear-regions sync\` delivers what is there`,
          )
          await spool.db.destroy()
        }
        await Promise.all([server.db.destroy(), writing.db.destroy()])
      })
      return closing
    },
  }
}

const timedOut = Object.assign(new Error('timeout expired'), {code: 'ETIMEDOUT'})
