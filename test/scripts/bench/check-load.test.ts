import {sql} from 'kysely'
import {checkLoad} from '../../../scripts/bench/check-load.js'
import {loadRun, loadRunName, loadSnapshot} from '../../../scripts/bench/log-load-data.js'
import type {Log} from '../../../storage/index.js'
import {withLog} from '../../storage/sample.js'
import {databaseSuite} from '../../support/databases.js'
import {rejects} from '../../support/rejects.js'

const checking = databaseSuite('looking for what a load has lost or doubled')
const size = {writers: 2, snapshots: 2}

async function write(log: Log, run: string, numbersOf: number, steps = [0, 1]): Promise<void> {
  const runId = await log.startRun(loadRun(run))
  for (const step of steps) await log.writeSnapshot(runId, {...loadSnapshot(numbersOf), step})
  await log.finishRun(runId, 'finished')
}

checking('finds nothing where nothing is', () =>
  withLog(async (log) => {
    for (const writer of [0, 1]) await write(log, loadRunName(writer), writer)
    await checkLoad(log, size)
  }),
)

checking('finds what is lost or changed within a snapshot, the counts of rows alike or not', () =>
  withLog(async (log) => {
    for (const writer of [0, 1]) await write(log, loadRunName(writer), writer)
    const broken = new Error('taken back')
    const cases: [string, RegExp][] = [
      ['delete from snapshots where step = 1', /expected 4 snapshots, found 2/],
      ["update runs set status = 'running'", /writer \d, step \d \(run running, snapshot comp/],
      ['update snapshots set step = 7 where step = 1', /writer \d, step 7 .* should not be there/],
      [
        'delete from layer_bounds where point = 9 and layer = 3',
        /expected layer_bounds .*"most":32/,
      ],
      [
        "update layer_bounds set radius_rule = '0.1' where point = 9 and radius_rule like '%1'",
        /layer_bounds .*"most":32,"known":24}$/,
      ],
      ["update bounds set counting = 'flats' where point = 511", /bounds .*"known":0}$/],
      ['delete from distances where point = 0', /distances .*"points":511,"first":1/],
      ['delete from distances', /distances .* got none$/],
      ['update points set slot = slot + 1 where point = 3', /points .*"known":0}$/],
      ['update distances set distance = 11 where point = 3', /expected distances from .* to 11$/],
    ]
    for (const [statement, message] of cases) {
      const undone = log.db.transaction().execute(async (transaction) => {
        await sql.raw(statement).execute(transaction)
        await rejects(checkLoad({...log, db: transaction}, size), message)
        throw broken
      })
      await rejects(undone, /^taken back$/)
    }
    await checkLoad(log, size)
  }),
)

checking('finds a run that was written twice, and one with the numbers of another', async () => {
  await withLog(async (log) => {
    await write(log, loadRunName(0), 0)
    await write(log, loadRunName(0), 0)
    await rejects(checkLoad(log, size), /writer 0, step 0 is there twice/)
  })
  await withLog(async (log) => {
    await write(log, loadRunName(0), 0)
    await write(log, loadRunName(1), 0)
    await rejects(checkLoad(log, size), /writer 1, step \d: expected distances from/)
  })
})

checking.run()
