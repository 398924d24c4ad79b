import {randomBytes} from 'node:crypto'
import {createWriteStream} from 'node:fs'
import {realpath, rename, rm, stat} from 'node:fs/promises'
import {basename, dirname, join} from 'node:path'
import {Readable} from 'node:stream'
import {pipeline} from 'node:stream/promises'
import {UsageError} from './command.js'

/**
 * Writes a file as a whole or not at all: into a temporary file beside it, which then takes its
 * name. A file of that name is replaced.
 *
 * @param option name of the option that names the file, for errors
 * @param pieces what is in it
 * @param log path of the log that is read, which must not be replaced
 * @throws UsageError where the path is a directory, is in none, or is the log; or what `pieces`
 *   throws
 *
 * @example
 * await writeWholeFile('out', 'runs.csv', pieces, {signal, log: database})
 */
export async function writeWholeFile(
  option: string,
  path: string,
  pieces: AsyncIterable<string> | Iterable<string>,
  {signal, log}: {signal: AbortSignal; log: string},
): Promise<void> {
  await checkPath(option, path, log)
  const target = await realpath(path).catch(() => path)
  const name = `.${basename(target)}.${randomBytes(4).toString('hex')}`
  const temporary = join(dirname(target), name)
  try {
    await pipeline(Readable.from(pieces), createWriteStream(temporary, {flags: 'wx'}), {signal})
    await rename(temporary, target)
  } catch (error) {
    // where even that fails, the first error is the one to tell
    await rm(temporary, {force: true}).catch(() => undefined)
    signal.throwIfAborted()
    throw explained(option, path, error as NodeJS.ErrnoException)
  }
}

async function checkPath(option: string, path: string, log: string): Promise<void> {
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory()) {
    throw new UsageError(`${option}: expected a file, got the directory "${path}"`)
  }
  if (found && !found.isFile()) {
    throw new UsageError(`${option}: expected an ordinary file, got "${path}"`)
  }
  for (const suffix of ['', '-wal', '-shm', '-journal']) {
    const kept = await stat(`${log}${suffix}`).catch(() => undefined)
    if (found && kept && found.ino === kept.ino && found.dev === kept.dev) {
      throw new UsageError(
        `${option}: "${path}" belongs to the log that is read; name another file`,
      )
    }
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: 'there is no such folder',
  EACCES: 'it may not be written',
  EPERM: 'it may not be written',
  EROFS: 'it may not be written',
  ENAMETOOLONG: 'its name is too long',
  ENOSPC: 'the disk is full',
  EFBIG: 'it grew too large',
}

function explained(option: string, path: string, error: NodeJS.ErrnoException): Error {
  const {syscall, code = ''} = error
  if (syscall === undefined) return error
  const Kind = code === 'ENOSPC' || code === 'EFBIG' ? Error : UsageError
  return new Kind(`${option}: "${path}" cannot be written: ${reasons[code] ?? code}`, {
    cause: error,
  })
}
