import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {copyRun} from '../../storage/copy-run.js'
import {openLog} from '../../storage/index.js'
import {sampleRun, sampleSnapshot, temporaryPath} from './sample.js'

const test = suite('copy a run')

test('a snapshot that is logged again meanwhile is copied as it is then', async () => {
  const [source, target] = [temporaryPath(), temporaryPath()]
  const writer = await openLog(source)
  const runId = await writer.startRun(sampleRun())
  for (const step of [0, 1, 2]) await writer.writeSnapshot(runId, sampleSnapshot(step))
  const from = await openLog(source, {readonly: true})
  const to = await openLog(target)
  let again: Promise<unknown> | undefined
  const copied = await copyRun(from, to, runId, () => {
    again ??= writer.writeSnapshot(runId, sampleSnapshot(2, {epoch: 7}))
  })
  await again
  assert.is(copied.copied + copied.known, 3)
  const pointsThen = async () => {
    const rows = await to.db
      .selectFrom('snapshots')
      .leftJoin('points', 'points.snapshot_id', 'snapshots.id')
      .select(({fn}) => ['step', 'epoch', fn.count('points.point').as('points')])
      .groupBy(['step', 'epoch'])
      .orderBy('step')
      .execute()
    return rows.map(({points}) => Number(points))
  }
  for (const count of await pointsThen()) assert.is(count, 20)
  // What is newer than what was read comes with the next one.
  await copyRun(from, to, runId)
  assert.equal(await pointsThen(), [20, 20, 20])
  for (const log of [from, to, writer]) await log.close()
})

test.run()
