import * as assert from 'uvu/assert'
import {type Log, runStatus} from '../../storage/index.js'
import {databaseSuite} from '../support/databases.js'
import {sampleRun, sampleSnapshot, withLog} from './sample.js'

const views = databaseSuite('views of a log')

async function twoRuns(log: Log) {
  const first = await log.startRun(sampleRun({name: 'first', heartbeatEvery: 100}))
  const second = await log.startRun(sampleRun({name: 'second'}))
  await log.writeSnapshot(first, sampleSnapshot(0))
  await log.writeSnapshot(first, sampleSnapshot(5, {loss: null, status: 'partial', reason: 'why'}))
  await log.writeSnapshot(second, sampleSnapshot(5))
  return {first, second}
}

views('join the summaries of distances with run and moment', () =>
  withLog(async (log) => {
    const {first} = await twoRuns(log)
    const rows = await log.db
      .selectFrom('distance_summary')
      .selectAll()
      .where('run', '=', 'first')
      .where('step', '=', 5)
      .orderBy('point_group')
      .orderBy('norm')
      .execute()
    assert.equal(
      rows.map(({run_id, run, step, epoch, point_group, norm, n}) => {
        return [run_id, run, step, epoch, point_group, norm, n]
      }),
      ['train', 'uniform'].flatMap((group) =>
        ['l2', 'linf'].map((norm) => [first, 'first', 5, 0.5, group, norm, 10]),
      ),
    )
    const [row] = rows
    const summary = await log.db
      .selectFrom('summaries')
      .selectAll()
      .where('snapshot_id', '=', row!.snapshot_id)
      .where('measure', '=', 'distance')
      .where('norm', '=', row!.norm)
      .where('point_group', '=', row!.point_group)
      .executeTakeFirstOrThrow()
    for (const name of ['min', 'q10', 'q25', 'median', 'q75', 'q90', 'max', 'mean'] as const) {
      assert.is(row![name], summary[name], name)
    }
  }),
)

views('join the summaries of bounds with run and moment', () =>
  withLog(async (log) => {
    const {second} = await twoRuns(log)
    const rows = await log.db
      .selectFrom('bound_summary')
      .selectAll()
      .where('run_id', '=', second)
      .orderBy('point_group')
      .orderBy('method')
      .orderBy('radius_rule')
      .execute()
    assert.equal(
      rows.map(({run, point_group, method, counting, radius_rule}) => {
        return [run, point_group, method, counting, radius_rule].join(' ')
      }),
      ['train', 'uniform'].flatMap((group) =>
        ['combined', 'spectral'].flatMap((method) =>
          ['0.1', 'nearest*0.5'].map((rule) => `second ${group} ${method} product ${rule}`),
        ),
      ),
    )
    assert.ok(rows.every(({n, q10, median, q90}) => n === 10 && q10 <= median && median <= q90))
  }),
)

views('show every snapshot with its run', () =>
  withLog(async (log) => {
    const {first} = await twoRuns(log)
    const rows = await log.db.selectFrom('timeline').selectAll().orderBy('snapshot_id').execute()
    assert.equal(
      rows.map(({run, step, epoch, loss, status, reason, run_status}) => {
        return [run, step, epoch, loss, status, reason, run_status]
      }),
      [
        ['first', 0, 0, 0.25, 'complete', null, 'running'],
        ['first', 5, 0.5, null, 'partial', 'why', 'running'],
        ['second', 5, 0.5, 0.25, 'complete', null, 'running'],
      ],
    )
    const [{run_id, loss_scope, metrics, train_ms, measure_ms} = {}] = rows as Partial<
      (typeof rows)[number]
    >[]
    assert.equal(
      [run_id, loss_scope, metrics, train_ms, measure_ms],
      [first, 'batch', '{"acc":0.5}', 12.5, 3.5],
    )
  }),
)

views('show a running run as abandoned after three intervals of silence', () =>
  withLog(async (log) => {
    const {first} = await twoRuns(log)
    const statusAfter = async (seconds: number) => {
      const heartbeat_at = new Date(Date.now() - 1000 * seconds).toISOString()
      await log.db.updateTable('runs').set({heartbeat_at}).where('id', '=', first).execute()
      const shown = await log.db
        .selectFrom('timeline')
        .select('run_status')
        .where('run_id', '=', first)
        .distinct()
        .execute()
      const {status} = await log.db
        .selectFrom('runs')
        .select(runStatus(log.dialect).as('status'))
        .where('id', '=', first)
        .executeTakeFirstOrThrow()
      assert.equal(shown, [{run_status: status}])
      return status
    }
    assert.is(await statusAfter(280), 'running')
    assert.is(await statusAfter(310), 'abandoned')
    await log.heartbeat(first)
    assert.is(await statusAfter(0), 'running')
    await log.finishRun(first, 'finished')
    assert.is(await statusAfter(1000), 'finished')
    await log.finishRun(first, 'failed', 'why')
    assert.is(await statusAfter(1000), 'failed')
  }),
)

views.run()
