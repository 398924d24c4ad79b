import type {PostgresCursor, PostgresCursorConstructor, PostgresPool} from 'kysely'
import type {Client, Pool, PoolClient} from 'pg'
import {LogError} from './errors.js'
import type {PostgresAddress} from './postgres-address.js'
import {explainPostgres} from './postgres-errors.js'
import {postgresParser} from './postgres-values.js'
import {waitForRoom} from './wait-for-room.js'

export interface PoolOptions {
  readonly readonly: boolean
  /** Milliseconds to wait while another process writes. */
  readonly busyTimeout: number
  /** Milliseconds to wait for the server to answer at all. */
  readonly connectTimeout: number
  readonly signal?: AbortSignal | undefined
}

/** Connections to one server, as Kysely wants them. */
export interface LogPool extends PostgresPool {
  /** Breaks off what is under way, and the connections that it goes through. */
  abandon(): void
}

export interface Driver {
  readonly Client: typeof Client
  readonly Pool: typeof Pool
  readonly Cursor: PostgresCursorConstructor
}

/**
 * Loads pg, which one only needs for a log on PostgreSQL.
 *
 * @throws LogError that says how to get it
 */
export async function loadDriver(): Promise<Driver> {
  try {
    const {default: pg} = await import('pg')
    // @ts-expect-error: a package without types
    const {default: Cursor} = await import('pg-cursor')
    return {Client: pg.Client, Pool: pg.Pool, Cursor}
  } catch (cause) {
    throw new LogError(
      'database: a log on PostgreSQL needs the packages pg and pg-cursor; npm install pg pg-cursor',
      {cause},
    )
  }
}

/**
 * Few connections, made when they are needed and let go of after ten seconds: a hundred trainings
 * that measure now and then share a server that allows a hundred.
 */
export function openPool(driver: Driver, address: PostgresAddress, options: PoolOptions): LogPool {
  const {place, connectionString, schema} = address
  const {connectTimeout, signal} = options
  // given to the pool, the limit would hold for waiting for a connection that is in use too
  class LogClient extends driver.Client {
    constructor(config: object) {
      super({...config, connectionTimeoutMillis: connectTimeout})
    }
  }
  const settings = {
    connectionString,
    max: 4,
    keepAlive: true,
    allowExitOnIdle: true,
    fallback_application_name: 'tfjs-linear-regions',
    types: {getTypeParser: postgresParser as never},
  }
  const pool = new driver.Pool({
    ...settings,
    Client: LogClient as never,
    onConnect: async (client) => {
      await client.query(settingsOf(schema, options))
    },
  })
  /** Those that are in use. */
  const clients = new Set<PoolClient>()
  pool.on('connect', (client) => {
    // a connection that breaks between two statements is noticed by the next one
    client.on('error', () => undefined)
  })
  pool.on('acquire', (client) => clients.add(client))
  pool.on('release', (_error, client) => clients.delete(client))
  pool.on('error', () => undefined)

  const interrupt = () => void cancelAll()
  const cancelAll = async () => {
    const running = [...clients] as (PoolClient & {processID?: number})[]
    const other = new driver.Client({...settings, connectionTimeoutMillis: connectTimeout})
    other.on('error', () => undefined)
    try {
      await other.connect()
      for (const {processID} of running) {
        await other.query('select pg_cancel_backend($1)', [processID])
      }
    } catch {
      // then there is nobody to be told
    }
    await other.end().catch(() => undefined)
    abandon()
  }
  signal?.addEventListener('abort', interrupt, {once: true})

  const explain = (error: unknown) =>
    signal?.aborted
      ? new LogError(`database: "${place}" was not read or written to the end: interrupted`, {
          cause: error,
        })
      : explainPostgres(error, place)
  const explained = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error) => {
      throw explain(error)
    })
  let abandoned = 0
  const abandon = () => {
    abandoned++
    for (const client of clients) (client as unknown as Client).end().catch(() => undefined)
  }

  // Kysely remembers connections by the object that it was given
  const wrapped = new WeakMap<PoolClient, WrappedClient>()
  const wrap = (client: PoolClient): WrappedClient => {
    let known = wrapped.get(client)
    if (!known) {
      known = wrapClient(client, explained)
      wrapped.set(client, known)
    }
    return known
  }
  const connect = async () => {
    const before = abandoned
    const isOver = () => abandoned !== before || signal?.aborted === true
    if (signal?.aborted) throw new Error('aborted')
    const client = await waitForRoom(() => pool.connect(), connectTimeout, isOver)
    if (!isOver()) return client
    // whoever asked for it has gone on without
    client.release()
    throw new Error('Client was closed: it was waited for too long')
  }
  return {
    abandon,
    connect: async () => wrap(await explained(connect())),
    end: async () => {
      signal?.removeEventListener('abort', interrupt)
      await pool.end()
    },
  }
}

type WrappedClient = Awaited<ReturnType<PostgresPool['connect']>>

function wrapClient(
  client: PoolClient,
  explained: <T>(work: Promise<T>) => Promise<T>,
): WrappedClient {
  return {
    query(statement: string | PostgresCursor<unknown>, values?: readonly unknown[]) {
      if (typeof statement === 'string') {
        // in this mode the server itself takes only one statement
        const query = {text: statement, values: [...(values ?? [])], queryMode: 'extended'}
        return explained(client.query(query)) as never
      }
      const cursor = client.query(statement as never) as unknown as PostgresCursor<unknown>
      let failed = false
      return {
        read: (count: number) =>
          explained(cursor.read(count)).catch((error) => {
            failed = true
            throw error
          }),
        // one that failed is closed already, and pg-cursor would wait for an answer that never comes
        close: () => (failed ? Promise.resolve() : explained(cursor.close())),
      } as never
    },
    release: () => client.release(),
  }
}

/** What each connection is told first: doubles and times as SQLite has them, and where to look. */
function settingsOf(
  schema: string | undefined,
  {readonly, busyTimeout}: Pick<PoolOptions, 'readonly' | 'busyTimeout'>,
): string {
  const all = [
    'extra_float_digits = 3',
    "bytea_output = 'hex'",
    "timezone = 'UTC'",
    'standard_conforming_strings = on',
    `lock_timeout = ${busyTimeout}`,
    // a machine that vanished must not keep what it had locked
    'idle_in_transaction_session_timeout = 60000',
    ...(readonly ? ['default_transaction_read_only = on'] : []),
    ...(schema === undefined ? [] : [`search_path = ${quoted(schema)}`]),
  ]
  return all.map((setting) => `set ${setting}`).join('; ')
}

/** A name in SQL. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
