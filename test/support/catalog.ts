import {type Kysely, sql} from 'kysely'
import type {Log} from '../../storage/index.js'

type Db = Kysely<never> | Log['db']

/** What the tables of a log are, in each database's own words made equal. */
export interface Catalog {
  tables(db: Db): Promise<string[]>
  /** Columns in their order; `key` is the place in the primary key, 0 outside. */
  columns(db: Db, table: string): Promise<{name: string; key: number}[]>
  /** Foreign keys as `run_id -> runs.id CASCADE`. */
  parents(db: Db, table: string): Promise<string[]>
}

const sqlite: Catalog = {
  async tables(db) {
    const {rows} = await sql<{name: string}>`
      select name from sqlite_master where type = 'table' and name not like 'sqlite_%'`.execute(
      db as Kysely<never>,
    )
    return rows.map(({name}) => name)
  },
  async columns(db, table) {
    const {rows} = await sql<{name: string; key: number}>`
      select name, pk as key from pragma_table_info(${table})`.execute(db as Kysely<never>)
    return rows
  },
  async parents(db, table) {
    const {rows} = await sql<{said: string}>`
      select group_concat("from", ', ') || ' -> ' || "table" || '.' || group_concat("to", ', ')
        || ' ' || min(on_delete) as said
      from (select * from pragma_foreign_key_list(${table}) order by id, seq)
      group by id, "table"`.execute(db as Kysely<never>)
    return rows.map(({said}) => said)
  },
}

const postgres: Catalog = {
  async tables(db) {
    const {rows} = await sql<{name: string}>`
      select table_name as name from information_schema.tables
      where table_schema = current_schema() and table_type = 'BASE TABLE'`.execute(
      db as Kysely<never>,
    )
    return rows.map(({name}) => name)
  },
  async columns(db, table) {
    const {rows} = await sql<{name: string; key: number}>`
      select attname as name, coalesce(array_position(indkey::int2[], attnum) + 1, 0) as key
      from pg_attribute left join pg_index on indrelid = attrelid and indisprimary
      where attrelid = ${table}::regclass and attnum > 0 and not attisdropped
      order by attnum`.execute(db as Kysely<never>)
    return rows
  },
  async parents(db, table) {
    const {rows} = await sql<{said: string}>`
      select regexp_replace(
        pg_get_constraintdef(oid), 'FOREIGN KEY \\((.*)\\) REFERENCES (\\w+)\\((.*)\\) ON DELETE (.*)',
        '\\1 -> \\2.\\3 \\4') as said
      from pg_constraint where conrelid = ${table}::regclass and contype = 'f'`.execute(
      db as Kysely<never>,
    )
    return rows.map(({said}) => said)
  },
}

/** By the database that a log is on. */
export const catalogs = {SQLite: sqlite, PostgreSQL: postgres}
