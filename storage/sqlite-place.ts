import {statSync} from 'node:fs'
import {resolve} from 'node:path'
import {LogError} from './errors.js'

/** The place of a file that is open. */
export interface OpenPlace {
  /** Throws a LogError where the file is no longer there, or another is. */
  readonly check: () => void
}

/**
 * Remembers which file is at a path. SQLite itself goes on writing to one that was deleted, without
 * a word, and all of it is gone when it is closed.
 */
export function openPlace(path: string): OpenPlace {
  // the working folder may change
  const absolute = resolve(path)
  const opened = markOf(absolute)
  return {
    check: () => {
      const mark = markOf(absolute)
      if (mark === opened) return
      const what = mark === undefined ? 'deleted or moved' : 'replaced by another file'
      throw new LogError(
        `database: "${path}" was ${what} while it was open, and what was logged went with it; leave the file where it is until the run has ended, and start another run`,
      )
    },
  }
}

function markOf(path: string): string | undefined {
  const found = statSync(path, {bigint: true, throwIfNoEntry: false})
  return found && `${found.dev} ${found.ino}`
}
