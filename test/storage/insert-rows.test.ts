import type {CompiledQuery, Transaction} from 'kysely'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import type {Database} from '../../storage/index.js'
import {type Cell, insertRows} from '../../storage/insert-rows.js'
import {rejects} from '../support/rejects.js'
import {withLog} from './sample.js'

// PostgreSQL has a way of its own: insert-arrays.test.ts
const inserting = suite('inserting many rows into SQLite')

const columns = ['snapshot_id', 'measure', 'ms']

/** The statements that would insert `rows`, where a statement can bind at most `maxParameters`. */
const statementsFor = (rows: readonly (readonly Cell[])[], maxParameters: number) =>
  withLog(async ({dialect}) => {
    const statements: CompiledQuery[] = []
    const transaction = {
      executeQuery: async (query: CompiledQuery) => statements.push(query),
    } as unknown as Transaction<Database>
    const limited = {...dialect, maxParameters}
    await insertRows(transaction, limited, {table: 'timings', columns, rows})
    return statements.map(({sql, parameters}) => ({sql, parameters}))
  })

inserting('spells whole numbers out and binds every other value once', async () => {
  const rows = [
    [1, 'bound', 0.5],
    [1, 'distance', 0.5],
    [2, 'bound', Infinity],
    [2, '3', null],
  ]
  assert.equal(await statementsFor(rows, 100), [
    {
      sql: 'insert into "timings" ("snapshot_id", "measure", "ms") values (1, ?1, ?2), (1, ?3, ?2), (2, ?1, ?4), (2, ?5, null)',
      parameters: ['bound', 0.5, 'distance', Infinity, '3'],
    },
  ])
})

inserting('never binds more values than a statement can hold', async () => {
  const rows = Array.from({length: 50}, (_, index) => [index, `name ${index}`, index + 0.5])
  const statements = await statementsFor(rows, 10)
  assert.ok(statements.every(({parameters}) => parameters.length <= 10))
  assert.equal(
    statements.flatMap(({parameters}) => parameters),
    rows.flatMap(([, name, ms]) => [name, ms]),
  )
})

inserting('splits what would make too long a text', async () => {
  const rows = Array.from({length: 5000}, (_, index) => [index, 'bound', 1])
  const statements = await statementsFor(rows, 10)
  assert.is(statements.length, 3)
  assert.is(statements.map(({sql}) => sql.match(/\(\d/g)?.length).join(), '2000,2000,1000')
})

inserting('does nothing for no rows', async () => {
  assert.equal(await statementsFor([], 10), [])
})

inserting('refuses what is no value, naming the column', async () => {
  await rejects(statementsFor([[1, 'bound', NaN]], 10), /^timings.ms: expected a number, got NaN/)
  const missing = [[1, undefined as never, 1]]
  await rejects(statementsFor(missing, 10), /^timings.measure: expected .*, got undefined/)
})

inserting.run()
