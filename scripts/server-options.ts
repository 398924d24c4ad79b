import type {LogOptions} from '../storage/open-database.js'
import {text, type Values, whole} from './option.js'

/** Options of the commands that measure into a log: what happens while its server is away. */
export const serverOptions = {
  spool: text(
    'folder that keeps what is logged while the server of a PostgreSQL log is away; default: the working folder',
  ),
  patience: whole('milliseconds that logging waits for that server; default: 5000'),
}

export type ServerOptions = Values<typeof serverOptions>

/**
 * What was given of them, as `openLog` takes it.
 *
 * ```ts
 * await openLog(database, logOptionsOf(options))
 * ```
 */
export function logOptionsOf({spool, patience}: ServerOptions): LogOptions {
  return {...(spool !== undefined && {spool}), ...(patience !== undefined && {patience})}
}
