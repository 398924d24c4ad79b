import {constants} from 'node:fs'
import {access, mkdir, stat} from 'node:fs/promises'
import {dirname} from 'node:path'
import {UsageError} from './command.js'

/**
 * Makes the folder that an option names, and those above it, where there is none.
 *
 * @param option name of the option, for errors
 * @throws UsageError where it cannot be made or may not be written to
 *
 * @example
 * await makeFolder('out', 'results/figures')
 */
export async function makeFolder(option: string, folder: string): Promise<void> {
  try {
    await make(folder)
    await access(folder, constants.W_OK)
  } catch (error) {
    const {code = ''} = error as NodeJS.ErrnoException
    throw new UsageError(
      `${option}: expected a folder that can be written to, got "${folder}" (${reasons[code] ?? code})`,
      {cause: error},
    )
  }
}

const reasons: Readonly<Record<string, string>> = {
  EEXIST: 'a file of that name is there',
  ENOTDIR: 'a file is in its way',
  ENOENT: 'it cannot be made there',
  EACCES: 'it may not be written',
  EPERM: 'it may not be written',
  EROFS: 'it may not be written',
  ENAMETOOLONG: 'its name is too long',
  ENOSPC: 'the disk is full',
}

// Node's own `recursive` never ends where a folder that is there refuses with ENOENT, as /proc does
async function make(folder: string, hasParent = dirname(folder) === folder): Promise<void> {
  try {
    await mkdir(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && !hasParent) {
      await make(dirname(folder))
      return await make(folder, true)
    }
    // one that is there may refuse for other reasons, such as a disk that is only read
    const found = await stat(folder).catch(() => undefined)
    if (!found?.isDirectory()) throw error
  }
}
