import {pathToFileURL} from 'node:url'
import {LogError} from './errors.js'
import {hasJournal, lookAtFile, stampOf} from './sqlite-file.js'
import {codeOf, type Handle, openHandle} from './sqlite-handle.js'
import type {BusyTimeout} from './while-locked.js'

/**
 * Reads without leaving anything beside the file. Opening a file with a WAL for reading makes a
 * new, empty one, unless SQLite is told that nobody writes; so that is said, and each answer is
 * taken only if the file was the same before and after.
 *
 * A file whose writer was killed without a WAL cannot be read until it is opened for writing;
 * `salvage` reads it as it lies there.
 */
export async function openReader(
  path: string,
  busyTimeout: BusyTimeout,
  salvage: boolean,
  signal?: AbortSignal,
): Promise<Handle> {
  const open = async (asItLies = false) => {
    const stamp = stampOf(path)
    const frozen = asItLies || (lookAtFile(path) === 'wal' && !hasJournal(path))
    const file = frozen ? `${pathToFileURL(path).href}?immutable=1` : path
    const handle = await openHandle(file, path, frozen ? 'frozen' : 'read', busyTimeout, signal)
    return {handle, frozen, isStale: () => frozen && !asItLies && stampOf(path) !== stamp}
  }
  let current = await open()
  let inTransaction = false
  const changed = () => new LogError(`database: "${path}" changed meanwhile; read it again`)
  const reopen = async (asItLies?: boolean) => {
    if (inTransaction) throw changed()
    await current.handle.close()
    current = await open(asItLies)
  }
  return {
    async query(text, parameters) {
      const ends = text === 'commit' || text === 'rollback'
      if (ends) inTransaction = false
      for (;;) {
        const answer = await current.handle.query(text, parameters).catch((error) => ({error}))
        if (current.isStale() && !ends) await reopen()
        else if (!('error' in answer)) {
          if (text === 'begin') inTransaction = true
          return answer
        } else if (salvage && !current.frozen && codeOf(answer.error) === 'SQLITE_READONLY') {
          await reopen(true)
        } else throw answer.error
      }
    },
    // rows that were handed out cannot be taken back, so a change meanwhile is an error
    async *rows(text, parameters) {
      if (current.isStale()) await reopen()
      try {
        yield* current.handle.rows(text, parameters)
      } catch (error) {
        throw current.isStale() ? changed() : error
      }
      if (current.isStale()) throw changed()
    },
    close: () => current.handle.close(),
  }
}
