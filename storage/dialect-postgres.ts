import {type Dialect, PostgresDialect, sql} from 'kysely'
import type {LogDialect} from './dialect.js'
import {insertArrays} from './insert-arrays.js'
import {readPostgresAddress} from './postgres-address.js'
import {complaintOf} from './postgres-errors.js'
import {type LogPool, loadDriver, openPool, quoted} from './postgres-pool.js'

export interface PostgresOptions {
  readonly create: boolean
  /** Milliseconds. */
  readonly busyTimeout: number
  /** Milliseconds. */
  readonly connectTimeout: number
  readonly signal?: AbortSignal | undefined
}

export interface PostgresLogDialect extends LogDialect {
  /** Breaks off whatever its connections are doing; the next statement makes a new one. */
  abandon(): void
}

/**
 * A log in one schema of a PostgreSQL database, through the npm package pg.
 *
 * @param database `postgres://user@host:port/database?schema=name`
 * @throws LogError where the address cannot be one, holds a password, or pg is not installed
 */
export async function postgresDialect(
  database: string,
  {create, ...options}: PostgresOptions,
): Promise<PostgresLogDialect> {
  const address = readPostgresAddress(database)
  const driver = await loadDriver()
  const pools = new Set<LogPool>()
  const connect = (readonly: boolean): Dialect => {
    const pool = openPool(driver, address, {...options, readonly})
    pools.add(pool)
    const dialect = new PostgresDialect({pool, cursor: driver.Cursor})
    return readonly ? onlyReading(dialect) : dialect
  }
  return {
    place: address.place,
    exists: true,
    mayCreate: create,
    maxParameters: 65535,
    bytes: 'bytea',
    text: sql`text collate "C"`,
    longInteger: 'bigint',
    reader: () => connect(true),
    writer: () => connect(false),
    abandon: () => {
      for (const pool of pools) pool.abandon()
    },
    async lockTables(transaction) {
      const {schema} = address
      // a hundred trainings that begin at once take longer than one may wait for a row
      await sql`set local lock_timeout = 0`.execute(transaction)
      const name = `tfjs-linear-regions ${schema ?? ''}`
      await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(transaction)
      if (schema === undefined || (await hasSchema(transaction, schema))) return
      await sql.raw(`create schema ${quoted(schema)}`).execute(transaction)
    },
    prepare: async () => undefined,
    checkPlace: () => undefined,
    async relations(db) {
      const found = await sql<{name: string}>`
        select relname as name from pg_class join pg_namespace on pg_namespace.oid = relnamespace
        where nspname = current_schema() and relkind in ('r', 'p', 'v', 'm', 'f')`.execute(db)
      return found.rows.map((row) => row.name)
    },
    insert: insertArrays,
    forUpdate: (query) => query.forUpdate(),
    async columnNames(_db, statement) {
      const pool = openPool(driver, address, {...options, readonly: true})
      try {
        const client = await pool.connect()
        const nothing = `select * from (${statement}) as "the answer" limit 0`
        const answer = client.query(nothing, []).finally(() => client.release())
        const {fields} = (await answer) as unknown as {fields: {name: string}[]}
        return onlyOnce(fields.map(({name}) => name))
      } finally {
        await pool.end()
      }
    },
    renamed: (statement, names) =>
      `select * from (${statement}) as "the answer" (${names.map(quoted).join(', ')})`,
    complaint: complaintOf,
    parameter: (n) => `$${n}`,
    generatedKey: (column) => column.generatedAlwaysAsIdentity(),
    sortedByKey: (table) => table,
    secondsSince: (column) =>
      sql<number>`extract(epoch from clock_timestamp() - (${sql.ref(column)})::timestamptz)::float8`,
  }
}

async function hasSchema(db: Parameters<LogDialect['relations']>[0], schema: string) {
  const found = await sql`select 1 from pg_namespace where nspname = ${schema}`.execute(db)
  return found.rows.length > 0
}

/** Whatever a transaction did, it is taken back: what reads has nothing to keep. */
function onlyReading(dialect: PostgresDialect): Dialect {
  const createDriver = dialect.createDriver.bind(dialect)
  dialect.createDriver = () => {
    const driver = createDriver()
    driver.commitTransaction = driver.rollbackTransaction
    return driver
  }
  return dialect
}

function onlyOnce(names: readonly string[]): string[] {
  const taken = new Set<string>()
  return names.map((name) => {
    let free = name
    for (let n = 1; taken.has(free); n++) free = `${name}:${n}`
    taken.add(free)
    return free
  })
}
