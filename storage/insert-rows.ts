import {CompiledQuery, type Transaction} from 'kysely'
import type {LogDialect} from './dialect.js'
import {LogError} from './errors.js'
import type {Database} from './schema.js'

/** What a column can hold. */
export type Cell = number | string | Uint8Array | null

/** Rows for one table, each with a value for each column. */
export interface TableRows {
  readonly table: keyof Database
  readonly columns: readonly string[]
  readonly rows: Iterable<readonly Cell[]>
}

const rowsPerStatement = 2000

/**
 * Inserts many rows in few statements. Binding a value costs several times what storing it does,
 * so whole numbers are spelled out and every other value is bound once, however often it occurs:
 * three times as fast as one bound value a cell.
 *
 * @throws LogError naming table and column for NaN
 */
export async function insertRows(
  transaction: Transaction<Database>,
  dialect: LogDialect,
  {table, columns, rows}: TableRows,
): Promise<void> {
  const into = `insert into "${table}" (${columns.map((name) => `"${name}"`).join(', ')}) values `
  let tuples: string[] = []
  let numbers = new Map<Cell, number>()

  const flush = async () => {
    if (tuples.length === 0) return
    const statement = CompiledQuery.raw(into + tuples.join(', '), [...numbers.keys()])
    tuples = []
    numbers = new Map()
    await transaction.executeQuery(statement)
  }

  const spell = (cell: Cell, index: number): string => {
    if (cell === null) return 'null'
    if (Number.isSafeInteger(cell)) return String(cell)
    if (cell === undefined || Number.isNaN(cell)) {
      throw new LogError(`${table}.${columns[index]}: expected a number, got ${cell}`)
    }
    const known = numbers.get(cell) ?? numbers.size + 1
    numbers.set(cell, known)
    return dialect.parameter(known)
  }

  for (const row of rows) {
    if (numbers.size + row.length > dialect.maxParameters || tuples.length === rowsPerStatement) {
      await flush()
    }
    tuples.push(`(${row.map(spell).join(', ')})`)
  }
  await flush()
}
