import {LogError} from '../../storage/errors.js'
import {type Log, openLog} from '../../storage/log.js'

/** What openLog says of a log that a training may be about to make. */
const notYet = /there is no file|folder of .* does not exist|is empty and holds no log/

/**
 * Opens a log for reading, or gives undefined where there is none yet.
 *
 * @throws LogError where something else is in its place
 */
export async function openIfThere(database: string): Promise<Log | undefined> {
  try {
    return await openLog(database, {readonly: true})
  } catch (error) {
    if (error instanceof LogError && notYet.test(error.message)) return undefined
    throw error
  }
}
