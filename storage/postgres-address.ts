import {LogError} from './errors.js'

/** Where a log on PostgreSQL is. */
export interface PostgresAddress {
  /** As it was given; it holds no password. */
  readonly place: string
  /** For pg: without what is ours. */
  readonly connectionString: string
  /** The schema that the tables are in; undefined: the one that the server's settings name. */
  readonly schema: string | undefined
}

/** True for `postgres://...` and `postgresql://...`. */
export function isPostgresAddress(database: string): boolean {
  return /^postgres(ql)?:\/\//i.test(database)
}

/**
 * Reads `postgres://user@host:port/database?schema=name`. Everything that pg knows may stand behind
 * the `?` too (`sslmode`, `host` as the folder of a socket, ...), but no password: what is on a
 * command line is seen by everybody on the machine, and addresses are kept in logs.
 *
 * @throws LogError that does not repeat the address where a password is in it
 */
export function readPostgresAddress(place: string): PostgresAddress {
  const url = parsed(place)
  const parameters = [...url.searchParams.keys()]
  if (url.password !== '' || parameters.some((name) => /password/i.test(name))) {
    throw new LogError(
      'database: expected an address without a password; give it in the environment as PGPASSWORD, or in a .pgpass file, and leave it out of the address',
    )
  }
  if (url.pathname.length < 2 || url.hash !== '') {
    throw new LogError(
      `database: expected postgres://user@host/database, got "${place}", which names no database`,
    )
  }
  const schema = url.searchParams.get('schema') ?? undefined
  if (schema !== undefined) checkSchema(schema)
  url.searchParams.delete('schema')
  return {place, connectionString: url.href, schema}
}

/**
 * A text without the passwords of the addresses in it.
 *
 * ```ts
 * withoutPasswords('--log=postgres://anna:secret@host/db') //-> '--log=postgres://anna:***@host/db'
 * ```
 */
export function withoutPasswords(text: string): string {
  return text
    .replace(/(\b[a-z][\w+.-]*:\/\/[^\s/?#:@]*:)\S*@/gi, '$1***@')
    .replace(/([?&][a-z]*password=)[^\s&]*/gi, '$1***')
}

function parsed(place: string): URL {
  try {
    // a name of the special schemes is needed before a host, which a socket has not
    return new URL(place)
  } catch (cause) {
    throw new LogError(
      `database: expected postgres://user@host:port/database?schema=name, got "${withoutPasswords(place)}"`,
      {cause},
    )
  }
}

function checkSchema(schema: string): void {
  const bytes = Buffer.byteLength(schema)
  // PostgreSQL would cut a longer name off, and reads "$user" as somebody's name
  if (bytes > 0 && bytes <= 63 && schema !== '$user' && !schema.includes('\0')) return
  throw new LogError(
    `database: expected a schema of 1 to 63 bytes, got ${JSON.stringify(schema)}; name another`,
  )
}
