import {LogError} from '../storage/errors.js'
import type {Command} from './command.js'

/**
 * An error of a command for people: where the log that it takes if none is named is not there, how to
 * name one. The storage knows paths, not options.
 */
export function explainUnnamedLog(
  error: unknown,
  command: Pick<Command, 'options'>,
  options: Readonly<Record<string, unknown>>,
): unknown {
  const {database} = options
  if (!(error instanceof LogError) || typeof database !== 'string') return error
  const missing = `database: there is no file "${database}"`
  if (database !== command.options.database?.fallback || !error.message.startsWith(missing)) {
    return error
  }
  return new Error(`${missing}, the default; name the log with --database`, {cause: error})
}
