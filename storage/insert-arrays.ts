import {CompiledQuery, type Transaction} from 'kysely'
import {LogError} from './errors.js'
import type {Cell, TableRows} from './insert-rows.js'
import type {Database} from './schema.js'

/** Enough that the way to the server does not count, few enough for its memory. */
const rowsPerStatement = 20_000

/**
 * Inserts many rows in few statements: each column travels as one array, which PostgreSQL takes
 * apart (`unnest`), so that the statement is as short for a thousand rows as for one.
 *
 * @throws LogError naming table and column for NaN
 */
export async function insertArrays(
  transaction: Transaction<Database>,
  {table, columns, rows}: TableRows,
): Promise<void> {
  let waiting: Cell[][] = columns.map(() => [])
  const flush = async () => {
    // a column of nulls has no type, and is null where it is not named
    const named = columns
      .map((name, index) => ({name, cells: waiting[index]!, type: typeOf(waiting[index]!)}))
      .filter(({cells}) => cells.some((cell) => cell !== null))
    waiting = columns.map(() => [])
    if (named.length === 0) return
    const names = named.map(({name}) => `"${name}"`).join(', ')
    const arrays = named.map(({type}, index) => `$${index + 1}::${type}[]`).join(', ')
    const values = named.map(({cells, type}) => arrayOf(cells, type))
    const statement = `insert into "${table}" (${names}) select * from unnest(${arrays})`
    await transaction.executeQuery(CompiledQuery.raw(statement, values))
  }
  for (const row of rows) {
    row.forEach((cell, index) => {
      if (cell === undefined || Number.isNaN(cell)) {
        throw new LogError(`${table}.${columns[index]}: expected a number, got ${cell}`)
      }
      waiting[index]!.push(cell)
    })
    if (waiting[0]!.length === rowsPerStatement) await flush()
  }
  await flush()
}

type ArrayType = 'bigint' | 'double precision' | 'text' | 'bytea'

/** The narrowest type that holds all cells; PostgreSQL turns it into the column's. */
function typeOf(cells: readonly Cell[]): ArrayType {
  let type: ArrayType = 'bigint'
  for (const cell of cells) {
    if (typeof cell === 'string') return 'text'
    if (cell instanceof Uint8Array) return 'bytea'
    if (cell !== null && !Number.isSafeInteger(cell)) type = 'double precision'
  }
  return type
}

/** An array as PostgreSQL reads it: `{1,NULL,Infinity}`, `{"a \"b\""}`, `{"\\x00ff"}`. */
function arrayOf(cells: readonly Cell[], type: ArrayType): string {
  const spell = {
    bigint: String,
    'double precision': String,
    text: (cell: Cell) => `"${String(cell).replace(/["\\]/g, '\\$&')}"`,
    bytea: (cell: Cell) => `"\\\\x${Buffer.from(cell as Uint8Array).toString('hex')}"`,
  }[type]
  return `{${cells.map((cell) => (cell === null ? 'NULL' : spell(cell))).join(',')}}`
}
