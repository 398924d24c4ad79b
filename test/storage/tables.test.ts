import {sql} from 'kysely'
import * as assert from 'uvu/assert'
import {catalogs} from '../support/catalog.js'
import {databaseSuite} from '../support/databases.js'
import {rejects} from '../support/rejects.js'
import {rowCounts, sampleRun, sampleSnapshot, withLog} from './sample.js'

const tables = databaseSuite('tables of a log')

// column names; * marks the primary key, in its order
const expected: Record<string, string> = {
  meta: 'key* value',
  runs: `id* name status started_at heartbeat_at heartbeat_every ended_at error seed config model
    backend device environment tfjs_version node_version package_version host git_commit git_dirty
    argv`,
  layers: 'run_id* layer* name class units kinks',
  measures: 'run_id* name* unit',
  snapshots: `id* run_id step epoch recorded_at loss loss_scope metrics status reason skipped
    train_ms measure_ms`,
  points: 'snapshot_id* point* point_group slot origin_index label input',
  distances: 'snapshot_id* point* norm* distance layer unit',
  bounds: `snapshot_id* point* method* counting* radius_rule* radius log2_regions unstable`,
  layer_bounds: 'snapshot_id* point* method* radius_rule* layer* unstable active',
  measurements: 'snapshot_id* point* measure* radius_rule* value',
  timings: 'snapshot_id* measure* ms',
  summaries: `snapshot_id* point_group* measure* norm* method* counting* radius_rule* n min q10
    q25 median q75 q90 max mean`,
}

const parents: Record<string, string> = {
  layers: 'run_id -> runs.id',
  measures: 'run_id -> runs.id',
  snapshots: 'run_id -> runs.id',
  points: 'snapshot_id -> snapshots.id',
  timings: 'snapshot_id -> snapshots.id',
  summaries: 'snapshot_id -> snapshots.id',
  distances: 'snapshot_id, point -> points.snapshot_id, point',
  bounds: 'snapshot_id, point -> points.snapshot_id, point',
  layer_bounds: 'snapshot_id, point -> points.snapshot_id, point',
  measurements: 'snapshot_id, point -> points.snapshot_id, point',
}

tables('have the columns and primary keys of the design, and nothing else is there', (database) =>
  withLog(async ({db}) => {
    const catalog = catalogs[database]
    assert.equal((await catalog.tables(db)).sort(), Object.keys(expected).sort())
    for (const [table, list] of Object.entries(expected)) {
      const names = list.split(/\s+/)
      const columns = await catalog.columns(db, table)
      assert.equal(
        columns.map(({name}) => name).sort(),
        names.map((name) => name.replace('*', '')).sort(),
        table,
      )
      const key = columns.filter(({key}) => key > 0).sort((a, b) => a.key - b.key)
      assert.equal(
        key.map(({name}) => `${name}*`),
        names.filter((name) => name.endsWith('*')),
        table,
      )
    }
  }),
)

tables('refer to their parents and go with them', (database) =>
  withLog(async ({db}) => {
    for (const [table, parent] of Object.entries(parents)) {
      assert.equal(await catalogs[database].parents(db, table), [`${parent} CASCADE`], table)
    }
  }),
)

tables.on('SQLite', 'are written with a WAL and with foreign keys enforced', () =>
  withLog(async ({db}) => {
    const pragma = async (name: string) =>
      Object.values((await sql`pragma ${sql.raw(name)}`.execute(db)).rows[0] as object)[0]
    assert.is(await pragma('journal_mode'), 'wal')
    assert.is(await pragma('foreign_keys'), 1)
    assert.is(await pragma('synchronous'), 1)
  }),
)

tables('hold nothing that refers to nothing', () =>
  withLog(async ({db}) => {
    const orphan = db.insertInto('timings').values({snapshot_id: 7, measure: 'bound', ms: 1})
    await rejects(orphan.execute(), /foreign key/i)
  }),
)

tables('hold one snapshot of a step', () =>
  withLog(async (log) => {
    const runId = await log.startRun(sampleRun())
    const row = {run_id: runId, step: 1, epoch: 0, recorded_at: '', status: 'complete'} as const
    await log.db.insertInto('snapshots').values(row).execute()
    await rejects(log.db.insertInto('snapshots').values(row).execute(), /unique/i)
  }),
)

tables('lose all that hangs on a run with the run', () =>
  withLog(async (log) => {
    const runId = await log.startRun(sampleRun())
    const kept = await log.startRun(sampleRun({name: 'kept'}))
    await log.writeSnapshot(kept, sampleSnapshot(0))
    const before = await rowCounts(log)
    await log.writeSnapshot(runId, sampleSnapshot(0))
    await log.writeSnapshot(runId, sampleSnapshot(5))
    await log.db.deleteFrom('runs').where('id', '=', runId).execute()
    assert.equal(await rowCounts(log), before)
    const layers = await log.db.selectFrom('layers').select('run_id').distinct().execute()
    assert.equal(layers, [{run_id: kept}])
  }),
)

tables('never use the number of a snapshot again', () =>
  withLog(async (log) => {
    const runId = await log.startRun(sampleRun())
    const newest = () => log.db.selectFrom('snapshots').select('id').executeTakeFirstOrThrow()
    await log.writeSnapshot(runId, sampleSnapshot(0))
    const first = await newest()
    await log.writeSnapshot(runId, sampleSnapshot(0))
    assert.ok((await newest()).id > first.id)
  }),
)

tables('carry their version', () =>
  withLog(async ({db}) => {
    assert.equal(await db.selectFrom('meta').selectAll().orderBy('key').execute(), [
      {key: 'application', value: 'tfjs-linear-regions'},
      {key: 'schema_version', value: '1'},
    ])
  }),
)

tables.run()
