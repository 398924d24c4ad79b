import {sql} from 'kysely'
import * as assert from 'uvu/assert'
import type {Log} from '../../storage/index.js'
import {insertArrays} from '../../storage/insert-arrays.js'
import type {Cell} from '../../storage/insert-rows.js'
import {serverSuite, temporarySchema} from '../support/databases.js'
import {rejects} from '../support/rejects.js'
import {withLog} from './sample.js'

// SQLite has a way of its own: insert-rows.test.ts
const test = serverSuite('inserting many rows into PostgreSQL')

const columns = ['n', 'real', 'said', 'bytes']

/** Inserts rows into a table of columns of each type, and reads them again. */
async function throughServer(rows: readonly (readonly Cell[])[]): Promise<unknown[]> {
  return withLog(
    async ({db}: Log) => {
      await sql`create table cells (n bigint, real double precision, said text, bytes bytea)`.execute(
        db,
      )
      const table = 'cells' as never
      await db.transaction().execute((to) => insertArrays(to, {table, columns, rows}))
      const found = await sql<Record<string, Cell>>`select * from cells order by n`.execute(db)
      return found.rows.map((row) => columns.map((column) => row[column]))
    },
    await temporarySchema(),
  )
}

test('keeps every value as it is, nulls among them', async () => {
  const rows = [
    [0, 0.1, 'plain', Buffer.from([0, 255, 92, 34])],
    [1, Infinity, '', null],
    [2, -Infinity, '"quoted", {braced}, \\back\\', Buffer.from([])],
    [3, 5e-324, 'NULL', null],
    [4, 7, 'two\nlines\t, é 語', Buffer.from('x')],
    [5, null, null, null],
    [Number.MAX_SAFE_INTEGER, 2 ** 60, "o'clock", null],
  ]
  assert.equal(await throughServer(rows), rows)
})

test('takes a column of nulls alone, and no rows at all', async () => {
  const rows = [
    [1, null, null, null],
    [2, null, null, null],
  ]
  assert.equal(await throughServer(rows), rows)
  assert.equal(await throughServer([]), [])
})

test('takes more rows than one statement does', async () => {
  const rows = Array.from({length: 45_000}, (_, n) => [n, n / 7, `name ${n % 10}`, null])
  assert.equal(await throughServer(rows), rows)
})

test('refuses what is no value, naming table and column', async () => {
  await rejects(throughServer([[1, NaN, '', null]]), /^cells.real: expected a number, got NaN/)
  const missing = [[1, 1, undefined as never, null]]
  await rejects(throughServer(missing), /^cells.said: expected .*, got undefined/)
})

test.run()
