import {CompiledQuery, type Kysely, sql, type Transaction} from 'kysely'
import type {Database} from '../../storage/schema.js'
import {UsageError} from '../command.js'
import type {LogReader} from '../select-runs.js'
import type {Statement} from './statement.js'

/** A value as SQLite gives it. */
export type Value = string | number | Uint8Array | null

export type Row = Readonly<Record<string, Value>>

/** What a statement comes to, row by row. */
export interface Answer {
  /** Of the columns; undefined of a pragma or an explanation, whose first row tells. */
  readonly names: readonly string[] | undefined
  readonly rows: AsyncIterable<Row>
}

/**
 * Lets `use` read the answer to a statement. All of it is of one moment of the log.
 *
 * The driver gives a row as an object, in which the second of two columns of one name would hide the
 * first, and nothing where there is no row; a temporary view tells all names, each only once.
 *
 * @throws UsageError where SQLite does not understand the statement, or it fails on the way
 */
export async function ask<Result>(
  log: LogReader,
  {verb, text}: Statement,
  use: (answer: Answer) => Promise<Result>,
): Promise<Result> {
  return await log.db
    .transaction()
    .setAccessMode('read only')
    .execute(async (transaction) => {
      if (verb === 'pragma' || verb === 'explain') {
        return await use({names: undefined, rows: rowsOf(transaction, text)})
      }
      const names = await understood(namesOf(transaction, text))
      const isTwice = names.some((name) => /:\d+$/.test(name))
      const rows = rowsOf(transaction, isTwice ? `select * from ${view}` : text)
      return await use({names, rows})
    })
}

const view = 'temp."the answer"'

async function namesOf(transaction: Transaction<Database>, text: string): Promise<string[]> {
  await sql.raw(`create temp view "the answer" as ${text}`).execute(transaction)
  const {rows} = await sql
    .raw<{name: string}>('pragma temp.table_info("the answer")')
    .execute(transaction)
  return rows.map(({name}) => name)
}

// raw SQL is streamed by Kysely's executor alone
async function* rowsOf(db: Kysely<Database>, text: string): AsyncGenerator<Row> {
  const batches = db.getExecutor().stream<Row>(CompiledQuery.raw(text), 1)
  try {
    for (;;) {
      const next = await understood(batches.next())
      if (next.done) return
      yield* next.value.rows
    }
  } finally {
    await batches.return?.()
  }
}

/** What SQLite itself complains of is the statement's fault; a log that cannot be read is not. */
async function understood<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work
  } catch (error) {
    const {code = '', message} = error as NodeJS.ErrnoException
    if (!code.startsWith('SQLITE_')) throw error
    throw new UsageError(`sql: ${message.replace(/^SQLITE_\w+: /, '')}`, {cause: error})
  }
}
