import type {
  ColumnDataType,
  ColumnDefinitionBuilder,
  CreateTableBuilder,
  Dialect,
  Kysely,
  RawBuilder,
} from 'kysely'
import type {Database} from './schema.js'

/**
 * All that differs between database systems, one small file each. Everything else in this folder
 * is written in what they share, through Kysely.
 */
export interface LogDialect {
  /** What messages call the log: its path. */
  readonly place: string
  /** Whether there is something to look at before the first write. */
  readonly exists: boolean
  /** Most values that one statement can bind. */
  readonly maxParameters: number
  /** Type of a column of bytes. */
  readonly bytes: ColumnDataType
  /** A connection that cannot write; `salvage`: even if the last writer was interrupted. */
  reader(salvage?: boolean): Dialect
  /** A connection whose transactions hold the write lock from their first statement on. */
  writer(): Dialect
  /** What must be set on a writing connection once the tables are there. */
  prepare(db: Kysely<Database>): Promise<void>
  /** Names of all tables and views. */
  relations(db: Kysely<Database>): Promise<string[]>
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
