import {sql} from 'kysely'
import * as assert from 'uvu/assert'
import {type Log, openLog} from '../../storage/index.js'
import {databaseSuite, temporaryPlace} from '../support/databases.js'
import {rejects} from '../support/rejects.js'
import {sampleRun, sampleSnapshot, withLog} from './sample.js'

const streaming = databaseSuite('rows one after another')

async function sampleLog() {
  const path = await temporaryPlace()
  const runId = await withLog(async (log) => {
    const id = await log.startRun(sampleRun())
    for (const step of [0, 1, 2]) await log.writeSnapshot(id, sampleSnapshot(step))
    return id
  }, path)
  return {path, runId}
}

const distances = ({db}: Pick<Log, 'db'>) =>
  db.selectFrom('distances').selectAll().where('norm', '=', 'l2')

async function collect<Row>(rows: AsyncIterable<Row>): Promise<Row[]> {
  const all: Row[] = []
  for await (const row of rows) all.push(row)
  return all
}

for (const readonly of [true, false]) {
  streaming(`are those of the whole answer (readonly: ${readonly})`, async () => {
    const {path} = await sampleLog()
    const log = await openLog(path, {readonly})
    const expected = await distances(log).execute()
    assert.is(expected.length, 60)
    assert.ok(expected.some(({distance}) => distance === Infinity))
    assert.equal(await collect(distances(log).stream()), expected)
    assert.equal(await collect(distances(log).where('point', '<', 0).stream()), [])
    await log.close()
  })
}

streaming('may be left before the end, and the log is free again', () =>
  withLog(async (log) => {
    const id = await log.startRun(sampleRun())
    await log.writeSnapshot(id, sampleSnapshot(0))
    for await (const row of distances(log).stream()) {
      assert.is(row.point, 0)
      break
    }
    await log.writeSnapshot(id, sampleSnapshot(1))
    assert.is((await distances(log).execute()).length, 40)
  }),
)

streaming.on(
  'SQLite',
  'say so where the log changes under them, and can be read again',
  async () => {
    const {path, runId} = await sampleLog()
    const log = await openLog(path, {readonly: true})
    const write = (step: number) =>
      withLog((writer) => writer.writeSnapshot(runId, sampleSnapshot(step)), path)
    const interrupted = (async () => {
      for await (const {snapshot_id, point} of distances(log).stream()) {
        if (snapshot_id === 2 && point === 0) await write(3)
      }
    })()
    await rejects(interrupted, /changed meanwhile; read it again/)
    assert.is((await collect(distances(log).stream())).length, 80)
    await write(4)
    assert.is((await collect(distances(log).stream())).length, 100)
    await log.close()
  },
)

streaming.on(
  'PostgreSQL',
  'are those of the moment at which they were asked for, whatever is written under them',
  async () => {
    const {path, runId} = await sampleLog()
    const log = await openLog(path, {readonly: true})
    let rows = 0
    for await (const {snapshot_id, point} of distances(log).stream()) {
      rows++
      if (snapshot_id === 2 && point === 0)
        await withLog((writer) => writer.writeSnapshot(runId, sampleSnapshot(3)), path)
    }
    assert.is(rows, 60)
    assert.is((await collect(distances(log).stream())).length, 80)
    await log.close()
  },
)

streaming('fail as the whole answer would', async (database) => {
  const {path} = await sampleLog()
  const log = await openLog(path, {readonly: true})
  const wrong = log.db.selectFrom('no_such_table' as 'runs').selectAll()
  await rejects(collect(wrong.stream()), /no such table|does not exist/)
  const late =
    database === 'SQLite'
      ? sql<number>`json_extract(iif(point = 5, '{', '{}'), '$.a')`
      : sql<number>`1 / (point - 5)`
  const failing = collect(distances(log).select(late.as('a')).stream())
  await rejects(failing, /malformed JSON|division by zero/)
  await log.close()
})

const interrupted = /^database: ".*" was not read or written to the end: interrupted/

streaming('and whole answers are refused once the signal has said so', async () => {
  const {path} = await sampleLog()
  const interruption = new AbortController()
  const log = await openLog(path, {readonly: true, signal: interruption.signal})
  await distances(log).execute()
  interruption.abort()
  await rejects(distances(log).execute(), interrupted)
  await rejects(collect(distances(log).stream()), interrupted)
  await log.close()
  await rejects(openLog(path, {readonly: true, signal: AbortSignal.abort()}), interrupted)
})

streaming('and whole answers that are under way end when the signal says so', async () => {
  const {path} = await sampleLog()
  for (const work of ['stream', 'execute'] as const) {
    const interruption = new AbortController()
    const log = await openLog(path, {readonly: true, signal: interruption.signal})
    const endless = log.db
      .withRecursive('n(i)', (db) =>
        db
          .selectNoFrom(sql<number>`1`.as('i'))
          .unionAll(db.selectFrom('n' as never).select(sql<number>`i + 1`.as('i'))),
      )
      .selectFrom('n')
      .select(({fn}) => fn.max('i').as('most'))
    const answer = work === 'stream' ? collect(endless.stream()) : endless.execute()
    // by now the statement is on its way
    setImmediate(() => interruption.abort())
    await rejects(answer, interrupted)
    await log.close()
  }
})

streaming.run()
