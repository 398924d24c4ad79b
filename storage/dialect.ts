import type {
  ColumnDataType,
  ColumnDefinitionBuilder,
  CreateTableBuilder,
  Dialect,
  Expression,
  Kysely,
  RawBuilder,
  Transaction,
} from 'kysely'
import type {TableRows} from './insert-rows.js'
import type {Database} from './schema.js'

/**
 * All that differs between database systems, one small file each. Everything else in this folder
 * is written in what they share, through Kysely.
 */
export interface LogDialect {
  /** What messages call the log: its path or address. */
  readonly place: string
  /** Whether there is something to look at before the first write. */
  readonly exists: boolean
  /** Whether tables may be made where there are none. */
  readonly mayCreate: boolean
  /** Most values that one statement can bind. */
  readonly maxParameters: number
  /** Type of a column of bytes. */
  readonly bytes: ColumnDataType
  /** Type of a column of text, which is ordered by its bytes. */
  readonly text: ColumnDataType | Expression<unknown>
  /** Type of a column of whole numbers beyond 2^31. */
  readonly longInteger: ColumnDataType
  /** A connection that cannot write; `salvage`: even if the last writer was interrupted. */
  reader(salvage?: boolean): Dialect
  /** A connection whose transactions hold the write lock from their first statement on. */
  writer(): Dialect
  /** Makes those wait who want to bring the same log to the newest version. */
  lockTables(transaction: Transaction<Database>): Promise<void>
  /** What must be set on a writing connection once the tables are there. */
  prepare(db: Kysely<Database>): Promise<void>
  /** Throws a LogError where the log that is open is no longer at its place. */
  checkPlace(): void
  /** Names of all tables and views. */
  relations(db: Kysely<Database>): Promise<string[]>
  /** Inserts many rows, the fast way. */
  insert(transaction: Transaction<Database>, rows: TableRows): Promise<void>
  /** Rows that are read to be changed: whoever wants the same waits. */
  forUpdate<Query extends {forUpdate(): Query}>(query: Query): Query
  /** Names of what a statement selects, each only once: the second `a` is `a:1`. */
  columnNames(db: Kysely<Database>, statement: string): Promise<string[]>
  /** The statement, where two of its columns have one name, with `names` for them. */
  renamed(statement: string, names: readonly string[]): string
  /** What the database itself has against a statement; undefined of any other error. */
  complaint(error: unknown): string | undefined
  /** The statement's n-th value, n from 1, as often as it is named. */
  parameter(n: number): string
  /** A primary key that the database counts up and never uses again. */
  generatedKey(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder
  /** Stores a table in the order of its primary key, where that can be asked for. */
  sortedByKey<T extends string, C extends string>(
    table: CreateTableBuilder<T, C>,
  ): CreateTableBuilder<T, C>
  /** Seconds from the ISO time in that column until now. */
  secondsSince(column: string): RawBuilder<number>
}
