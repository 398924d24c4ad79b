import {CompiledQuery, type Kysely, sql} from 'kysely'
import type {LogDialect} from '../../storage/dialect.js'
import type {Database} from '../../storage/schema.js'
import {UsageError} from '../command.js'
import type {RunLog} from '../runs/find.js'
import type {Statement} from './statement.js'

/** A value as SQLite gives it; PostgreSQL's are made so. */
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
 * first, and nothing where there is no row; so the names are asked for first.
 *
 * @throws UsageError where the database does not understand the statement, or it fails on the way
 */
export async function ask<Result>(
  {db, dialect}: RunLog,
  {verb, text}: Statement,
  use: (answer: Answer) => Promise<Result>,
): Promise<Result> {
  return await db
    .transaction()
    .setAccessMode('read only')
    .execute(async (transaction) => {
      // from the first look on nothing can make the transaction one that writes
      await sql`select 1`.execute(transaction)
      if (verb === 'pragma' || verb === 'explain') {
        return await use({names: undefined, rows: rowsOf(transaction, dialect, text)})
      }
      const names = await understood(dialect, dialect.columnNames(transaction, text))
      const isTwice = names.some((name) => /:\d+$/.test(name))
      const statement = isTwice ? dialect.renamed(text, names) : text
      return await use({names, rows: rowsOf(transaction, dialect, statement)})
    })
}

// raw SQL is streamed by Kysely's executor alone
async function* rowsOf(
  db: Kysely<Database>,
  dialect: LogDialect,
  text: string,
): AsyncGenerator<Row> {
  const batches = db.getExecutor().stream<Row>(CompiledQuery.raw(text), 100)
  try {
    for (;;) {
      const next = await understood(dialect, batches.next())
      if (next.done) return
      yield* next.value.rows
    }
  } finally {
    await batches.return?.()
  }
}

/** What the database itself complains of is the statement's fault; a log that cannot be read is not. */
async function understood<Result>(dialect: LogDialect, work: Promise<Result>): Promise<Result> {
  try {
    return await work
  } catch (error) {
    const complaint = dialect.complaint(error)
    if (complaint === undefined) throw error
    throw new UsageError(`sql: ${complaint}`, {cause: error})
  }
}
