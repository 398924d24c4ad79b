import {sql} from 'kysely'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {layOut} from '../../../scripts/sql/lay-out.js'
import {recordSql} from '../../../scripts/sql/record.js'
import {readStatement} from '../../../scripts/sql/statement.js'
import {sampleRun, sampleSnapshot, withLog} from '../../storage/sample.js'

const test = suite('the SQL behind a query')

test('runs as it stands and gives the same rows', () =>
  withLog(async (log) => {
    const id = await log.startRun(sampleRun({name: `it's "one"; -- \\`}))
    await log.writeSnapshot(id, sampleSnapshot(0))
    const recorded = recordSql(log)
    const query = recorded.db
      .selectFrom('distances')
      .innerJoin('snapshots', 'snapshots.id', 'distances.snapshot_id')
      .innerJoin('runs', 'runs.id', 'snapshots.run_id')
      .select(['runs.name as group', 'distance as fromHere', 'unit'])
      .where('runs.name', 'in', [`it's "one"; -- \\`, 'another'])
      .where('distance', '>', 0.5)
      .where((is) => is.or([is('layer', 'is', null), is('point', '<', 9)]))
      .orderBy('distance')
    const expected = await query.execute()
    assert.ok(expected.length > 0)
    const [asked = '', ...others] = recorded.asked()
    assert.equal(others, [])
    const {rows} = await sql.raw(readStatement(asked).text).execute(log.db)
    assert.equal(rows, expected)
    assert.is(
      asked,
      [
        'select runs.name as "group", distance as "fromHere", unit',
        'from distances',
        'inner join snapshots on snapshots.id = distances.snapshot_id',
        'inner join runs on runs.id = snapshots.run_id',
        `where runs.name in ('it''s "one"; -- \\', 'another')`,
        '  and distance > 0.5',
        '  and (layer is null or point < 9)',
        'order by distance',
      ].join('\n'),
    )
  }))

test('is kept once, whatever was asked beside it', () =>
  withLog(async (log) => {
    const recorded = recordSql(log)
    await recorded.db.selectFrom('runs').select('id').execute()
    await recorded.db.selectFrom('runs').select('id').execute()
    await recorded.db.selectFrom('meta').selectAll().execute()
    await log.db.selectFrom('layers').selectAll().execute()
    assert.equal(recorded.asked(), ['select id\nfrom runs', 'select *\nfrom meta'])
    assert.is(recorded.path, log.path)
  }))

test('keeps the quotes that a name needs, and literals as they are', () => {
  assert.is(
    layOut(`select "a", "order", "A b", 'x from y "z"' from "t" where ("b" = 1 and "c" = 2)`),
    `select a, "order", "A b", 'x from y "z"'\nfrom t\nwhere (b = 1 and c = 2)`,
  )
})

test.run()
