import {LogError} from './errors.js'

interface Failure extends Error {
  /** PostgreSQL's five characters, or Node's word. */
  readonly code?: string
  /** Of an error that PostgreSQL itself reports. */
  readonly severity?: string
  /** Of several attempts at several addresses. */
  readonly errors?: readonly Error[]
}

const network =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|ENOENT|EAI_AGAIN)$/
const cutOff =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|timeout expired|timeout exceeded)|not queryable/

/** Codes of a server that is there, but cannot serve now: starting, stopping, full, out of memory. */
const busy = /^(08...|53...|57P0[1-5]|57014|25P03|25006|40001|40P01|55P03|58...|XX...)$/

const advice: Readonly<Record<string, string>> = {
  '28000': 'does not let that user in; check the user, and pg_hba.conf of the server',
  '28P01': 'does not accept the password; give it as PGPASSWORD or in a .pgpass file',
  '3D000': 'does not exist on that server; create it, or name another database',
  '3F000': 'has no such schema; name another',
  '25006': 'cannot be written; open it for writing, or ask who may write it',
  '42501': 'may not be read or written by that user; ask for the right to do so',
  '53100': 'cannot grow, the disk of the server is full; make room and go on',
  '53300': 'has too many clients already; wait, or raise max_connections of the server',
  '55P03': 'stayed locked by another process; wait for it, or raise busyTimeout',
  '57014': 'was not read or written to the end: interrupted',
  '57P01': 'was shut down; wait until the server is back',
  '57P02': 'was shut down; wait until the server is back',
  '57P03': 'is not ready yet; wait until the server has started',
  ENOTFOUND: 'cannot be reached (there is no such host); check the address',
}

/** An error of pg in one sentence that names the log; a statement's own fault is left as it is. */
export function explainPostgres(error: unknown, place: string): Error {
  const failure = error as Failure
  if (failure instanceof LogError) return failure
  const said = advice[failure.code ?? '']
  if (said) return new LogError(`database: "${place}" ${said}`, {cause: failure})
  if (isUnreachable(failure)) {
    const [first] = failure.errors ?? []
    const why = failure.code ?? ((first ?? failure).message.split('\n')[0] || failure.name)
    return new LogError(
      `database: "${place}" cannot be reached (${why}); check the address and whether the server runs`,
      {cause: failure},
    )
  }
  if (/password must be a string/i.test(failure.message ?? '')) {
    return new LogError(
      `database: "${place}" asks for a password; give it as PGPASSWORD or in a .pgpass file`,
      {cause: failure},
    )
  }
  return failure
}

/** True where the same may succeed later: the server or the way to it is gone, or it is too busy. */
export function isUnreachable(error: unknown): boolean {
  const {code = '', message = '', errors, cause} = error as Failure
  if (error instanceof LogError) return cause !== undefined && isUnreachable(cause)
  if (errors) return errors.every(isUnreachable)
  return network.test(code) || busy.test(code) || cutOff.test(message)
}

/** True where it came from the database or the way to it, not from a check of ours. */
export function isOfDatabase(error: unknown): boolean {
  const failure = error as Failure
  const source = failure instanceof LogError ? failure.cause : failure
  return source !== undefined && (isUnreachable(source) || isComplaint(source))
}

/** What PostgreSQL has against a statement: that it writes, too, where one only reads. */
export function complaintOf(error: unknown): string | undefined {
  const {code, cause = error} = error as Failure
  const source = (code === undefined ? cause : error) as Failure
  const isRefused = error instanceof LogError && source.code !== '25006'
  return isComplaint(source) && !isRefused ? source.message : undefined
}

function isComplaint(error: unknown): boolean {
  const {code, severity} = error as Failure
  return severity !== undefined && /^[0-9A-Z]{5}$/.test(code ?? '')
}
