import * as assert from 'uvu/assert'
import {serverSuite, temporarySchema} from '../../support/databases.js'
import {runCaptured} from '../capture.js'

const test = serverSuite('bench --parts storage')

test('counts what several writers wrote, on both databases', async () => {
  const words = ['bench', '--parts', 'storage', '--writers', '2', '--snapshots', '1', '--json']
  const database = await temporarySchema()
  const {code, stdout, stderr} = await runCaptured([...words, '--database', database])
  assert.is(code, 0, stderr)
  const rows: Record<string, unknown>[] = JSON.parse(stdout)
  assert.equal(
    rows.map((row) => [row.database, row.writers, row.snapshots, row.rows]),
    [
      ['SQLite', 2, 1, 2 * 512 * 42],
      ['PostgreSQL', 2, 1, 2 * 512 * 42],
    ],
  )
  assert.ok(rows.every(({rowsPerSecond}) => (rowsPerSecond as number) > 0))
})

test.run()
