import {accessSync, constants, openSync, readSync, type Stats, statSync} from 'node:fs'
import {dirname} from 'node:path'
import {LogError} from './errors.js'
import {closeBesideSqlite} from './sqlite-descriptors.js'

/** What a path holds before SQLite touches it; `wal` and `rollback` name its journal. */
export type FileState = 'absent' | 'empty' | 'wal' | 'rollback'

const magic = 'SQLite format 3\0'
const headerBytes = 100

/**
 * Looks at a database file without opening it as one, so that a file that is none stays as it is.
 *
 * @throws LogError for a directory, a missing folder, a file that cannot be read, is no SQLite
 * file, or is shorter than its header says
 */
export function lookAtFile(path: string): FileState {
  checkFolder(path)
  const found = statOf(path, path)
  if (!found) return 'absent'
  if (found.isDirectory()) {
    throw new LogError(`database: expected a file, got the directory "${path}"; name a file in it`)
  }
  if (!found.isFile()) throw new LogError(`database: "${path}" is no ordinary file; name another`)
  if (found.size === 0) return 'empty'
  const header = readHeader(path)
  if (header.toString('latin1', 0, magic.length) !== magic) {
    throw new LogError(
      `database: "${path}" is not a SQLite file; it was left as it is, name another file`,
    )
  }
  if (header.length < headerBytes || isTruncated(path, header)) {
    throw new LogError(`database: "${path}" is damaged (it was cut off); restore a copy of it`)
  }
  return header[18] === 2 ? 'wal' : 'rollback'
}

/**
 * That the file and the folder it is in may be written: SQLite itself would open it for reading
 * only, without a word, and keeps its journal in the folder.
 *
 * @throws LogError where not
 */
export function checkWritable(path: string, state: FileState): void {
  try {
    accessSync(dirname(path), constants.W_OK)
    if (state !== 'absent') accessSync(path, constants.W_OK)
  } catch (cause) {
    throw new LogError(
      `database: "${path}" cannot be written; check who may write it and its folder`,
      {cause},
    )
  }
}

/** True where a journal lies beside the file: somebody writes, or was interrupted while writing. */
export function hasJournal(path: string): boolean {
  return sizeOf(`${path}-wal`) !== undefined || Boolean(sizeOf(`${path}-journal`))
}

/** Changes with every write to the file, and as soon as somebody begins to write. */
export function stampOf(path: string): string {
  const file = statSync(path, {bigint: true, throwIfNoEntry: false})
  return `${file?.ino} ${file?.size} ${file?.mtimeNs} ${hasJournal(path)}`
}

function sizeOf(path: string): number | undefined {
  return statSync(path, {throwIfNoEntry: false})?.size
}

function checkFolder(path: string): void {
  const folder = dirname(path)
  const found = statOf(folder, path)
  if (!found) {
    throw new LogError(
      `database: the folder of "${path}" does not exist; create it or name another file`,
    )
  }
  if (!found.isDirectory()) {
    throw new LogError(`database: "${folder}" is a file, not the folder for a log; name another`)
  }
}

// a path through a file, a loop of links, a folder that may not be entered
function statOf(entry: string, path: string): Stats | undefined {
  try {
    return statSync(entry, {throwIfNoEntry: false})
  } catch (cause) {
    const {code} = cause as NodeJS.ErrnoException
    throw new LogError(`database: "${path}" cannot be reached (${code}); name another file`, {
      cause,
    })
  }
}

function readHeader(path: string): Buffer {
  const header = Buffer.alloc(headerBytes)
  try {
    const file = openSync(path, 'r')
    try {
      return header.subarray(0, readSync(file, header, 0, headerBytes, 0))
    } finally {
      closeBesideSqlite(file)
    }
  } catch (cause) {
    throw new LogError(`database: "${path}" cannot be read; check who may read it`, {cause})
  }
}

// the header counts pages only if its two change counters agree, and a journal may hold the rest;
// the size is asked last, since somebody may just be writing
function isTruncated(path: string, header: Buffer): boolean {
  const isCounted = header.readUInt32BE(24) === header.readUInt32BE(92)
  const pageBytes = header.readUInt16BE(16)
  const bytes = header.readUInt32BE(28) * (pageBytes === 1 ? 65536 : pageBytes)
  return isCounted && !hasJournal(path) && (sizeOf(path) ?? 0) < bytes
}
