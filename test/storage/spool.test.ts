import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdirSync, readdirSync, rmdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'
import seedrandom from 'seedrandom'
import sqlite3 from 'sqlite3'
import * as assert from 'uvu/assert'
import {type Log, openLog} from '../../storage/index.js'
import {runCaptured} from '../scripts/capture.js'
import {serverSuite, sharedServer, temporarySchema} from '../support/databases.js'
import {temporaryFolder} from '../support/folder.js'
import {startProxy} from '../support/proxy.js'
import {rejects} from '../support/rejects.js'
import {sampleRun, sampleSnapshot, withLog} from './sample.js'
import {checkWhole, sampleSize} from './whole.js'

const test = serverSuite('a server that goes away')

/** A log behind a proxy, with what it said and the files that it kept. */
async function behindProxy(patience = 20_000) {
  const server = await sharedServer()
  const schema = new URL(await temporarySchema()).search
  const direct = `postgres://tester@127.0.0.1:${server.port}/postgres${schema}`
  const proxy = await startProxy(server.port)
  const address = `postgres://tester@127.0.0.1:${proxy.port}/postgres${schema}`
  const folder = temporaryFolder()
  const said: string[] = []
  const open = () => openLog(address, {spool: folder, patience, warn: (text) => said.push(text)})
  return {direct, proxy, address, folder, said, open, kept: () => readdirSync(folder)}
}

const {now} = Date
let ahead = 0
Date.now = () => now() + ahead

/** A while passes, after which a server that was away is asked again. */
const aWhileLater = () => {
  ahead += 3_600_000
}

async function stepsIn(place: string, name?: string): Promise<number[]> {
  return withLog(async (log) => {
    await checkWhole(log, sampleSize)
    const rows = await log.db
      .selectFrom('timeline')
      .select('step')
      .$if(name !== undefined, (query) => query.where('run', '=', name!))
      .orderBy('step')
      .execute()
    return rows.map(({step}) => step)
  }, place)
}

const rowOf = (log: Log, runId: string) =>
  log.db.selectFrom('runs').selectAll().where('id', '=', runId).executeTakeFirstOrThrow()

test('for a while: what was logged meanwhile is delivered, in its order, each once', async () => {
  const {direct, proxy, said, open, kept} = await behindProxy()
  const log = await open()
  const runId = await log.startRun(sampleRun())
  await log.writeSnapshot(runId, sampleSnapshot(0))
  proxy.state = 'cut'
  await log.writeSnapshot(runId, sampleSnapshot(1))
  await log.writeSnapshot(runId, sampleSnapshot(2))
  await log.heartbeat(runId)
  assert.equal(kept(), [`linear-regions-${runId}.spool.db`])
  assert.match(said.join('\n'), /cannot be reached .*; run .* is kept in .*linear-regions sync/)
  assert.equal(await stepsIn(direct), [0])
  proxy.state = 'open'
  aWhileLater()
  await log.writeSnapshot(runId, sampleSnapshot(3))
  assert.equal(kept(), [])
  assert.equal(await stepsIn(direct), [0, 1, 2, 3])
  // a step that is logged again is there once, the newer one
  await log.writeSnapshot(runId, sampleSnapshot(3, {loss: 7}))
  await log.finishRun(runId, 'finished')
  await log.close()
  await withLog(async (after) => {
    assert.is((await rowOf(after, runId)).status, 'finished')
    const losses = await after.db
      .selectFrom('timeline')
      .select('loss')
      .where('step', '=', 3)
      .execute()
    assert.equal(losses, [{loss: 7}])
  }, direct)
  proxy.close()
})

test('to the end: the spool keeps all of it, and sync delivers it, once', async () => {
  const {direct, proxy, said, folder, open, kept} = await behindProxy()
  const log = await open()
  const runId = await log.startRun(sampleRun())
  await log.writeSnapshot(runId, sampleSnapshot(0))
  proxy.state = 'cut'
  await log.writeSnapshot(runId, sampleSnapshot(1))
  await log.writeSnapshot(runId, sampleSnapshot(1, {loss: 5}))
  await log.finishRun(runId, 'failed', 'the reason')
  await log.close()
  assert.match(said.at(-1)!, /^1 snapshot waits in .* for .*linear-regions sync/)
  const [file] = kept() as [string]
  // the spool is a log like any other
  assert.equal(await stepsIn(join(folder, file)), [1])
  const first = await runCaptured(['sync', '--folder', folder])
  assert.is(first.code, 1)
  assert.match(first.stderr, /cannot be reached/)
  assert.equal(kept(), [file])
  proxy.state = 'open'
  const second = await runCaptured(['sync', '--folder', folder])
  assert.is(second.code, 0, second.stderr)
  assert.match(second.stdout, /1 snapshot/)
  assert.equal(kept(), [])
  assert.equal(await stepsIn(direct), [0, 1])
  await withLog(async (after) => {
    const {status, error} = await rowOf(after, runId)
    assert.equal([status, error], ['failed', 'the reason'])
  }, direct)
  const third = await runCaptured(['sync', '--folder', folder])
  assert.equal([third.code, third.stdout], [0, `nothing waits in ${folder}\n`])
  proxy.close()
})

test('to the end: sync delivers what is whole though a file beside it is not', async () => {
  const {direct, proxy, folder, open, kept} = await behindProxy()
  proxy.state = 'cut'
  const log = await open()
  await log.finishRun(await log.startRun(sampleRun()), 'finished')
  await log.close()
  const damaged = 'linear-regions-0.spool.db'
  writeFileSync(join(folder, damaged), 'x'.repeat(5000))
  proxy.state = 'open'
  const {code, stdout, stderr} = await runCaptured(['sync', '--folder', folder])
  assert.is(code, 1)
  assert.match(stderr, new RegExp(`${damaged}" is not a SQLite file`))
  assert.match(stdout, new RegExp(`${damaged}: not delivered\n.*: 0 snapshots delivered`))
  assert.equal(kept(), [damaged])
  await withLog(async ({db}) => {
    assert.is((await db.selectFrom('runs').selectAll().execute()).length, 1)
  }, direct)
  const nowhere = await runCaptured(['sync', '--folder', join(folder, 'none')])
  assert.is(nowhere.code, 2)
  assert.match(nowhere.stderr, /folder: expected the folder of the trainings, got ".*none"/)
  proxy.close()
})

test('before the run begins: the run begins all the same', async () => {
  const {direct, proxy, open, kept} = await behindProxy()
  proxy.state = 'cut'
  const log = await open()
  const runId = await log.startRun(sampleRun())
  await log.writeSnapshot(runId, sampleSnapshot(0))
  assert.is(kept().length, 1)
  await rejects(log.resumeRun({...sampleRun(), must: false}), /cannot be reached|did not answer/)
  proxy.state = 'open'
  await log.finishRun(runId, 'finished')
  await log.close()
  assert.equal(kept(), [])
  assert.equal(await stepsIn(direct), [0])
  proxy.close()
})

test('without a word: logging waits no longer than it may, not for ever', async () => {
  const {direct, proxy, said, folder, open, kept} = await behindProxy(300)
  const log = await open()
  const runId = await log.startRun(sampleRun())
  proxy.state = 'silent'
  await log.writeSnapshot(runId, sampleSnapshot(0))
  assert.match(said.join('\n'), /did not answer in 300 ms; run .* is kept/)
  assert.is(kept().length, 1)
  await log.finishRun(runId, 'finished')
  await log.close()
  proxy.state = 'cut'
  proxy.state = 'open'
  const {code, stderr} = await runCaptured(['sync', '--folder', folder])
  assert.is(code, 0, stderr)
  assert.equal(await stepsIn(direct), [0])
  proxy.close()
})

test('in the middle of a snapshot, wherever that is: whole snapshots, each once', async () => {
  const {direct, proxy, open} = await behindProxy()
  const random = seedrandom('cuts')
  const log = await open()
  const runId = await log.startRun(sampleRun())
  for (let step = 0; step < 12; step++) {
    proxy.limit = Math.floor(random() * 12_000)
    await log.writeSnapshot(runId, sampleSnapshot(step))
    proxy.limit = Number.POSITIVE_INFINITY
    proxy.state = 'open'
  }
  await log.finishRun(runId, 'finished')
  await log.close()
  assert.equal(await stepsIn(direct), [...Array(12).keys()])
  proxy.close()
})

test('and is refused at once where it is there and says no', async () => {
  const {port} = await sharedServer()
  const nowhere = `postgres://tester@127.0.0.1:${port}/nowhere`
  await rejects(openLog(nowhere), /^database: ".*" does not exist on that server; create it/)
})

test('a run is resumed with what its killed process had kept', async () => {
  const {direct, proxy, address, folder, kept} = await behindProxy()
  const child = fileURLToPath(new URL('./spool-writer.ts', import.meta.url))
  const args = ['--import', import.meta.resolve('tsx'), child, address, folder]
  const writer = spawn(process.execPath, args, {stdio: ['ipc', 'pipe', 'inherit']})
  await once(writer, 'message')
  proxy.state = 'cut'
  writer.send('go')
  await once(writer, 'message')
  // what is still filled is left alone
  const busy = await runCaptured(['sync', '--folder', folder])
  assert.match(busy.stdout, /is filled by a training/)
  writer.kill('SIGKILL')
  await once(writer, 'close')
  assert.equal(await stepsIn(direct), [0])
  assert.is(kept().length, 1)
  proxy.state = 'open'
  const log = await openLog(address, {spool: folder})
  const {step, resumed} = await log.resumeRun({...sampleRun({name: 'killed'}), must: true})
  assert.equal([step, resumed], [2, true])
  assert.equal(kept(), [])
  await log.close()
  assert.equal(await stepsIn(direct), [0, 1, 2])
  proxy.close()
})

test('under several runs at once: each one is delivered whole, and none disturbs another', async () => {
  const {direct, proxy, open, kept} = await behindProxy()
  const log = await open()
  const names = ['a', 'b', 'c', 'd']
  const ids = await Promise.all(names.map((name) => log.startRun(sampleRun({name}))))
  const together = (work: (id: string) => Promise<void>) => Promise.all(ids.map(work))
  for (let step = 0; step < 12; step++) {
    // each third step finds no server, the next one finds it again
    proxy.state = step % 3 === 1 ? 'cut' : 'open'
    aWhileLater()
    await together(async (id) => {
      await log.writeSnapshot(id, sampleSnapshot(step))
      await log.heartbeat(id)
    })
  }
  proxy.state = 'open'
  await together((id) => log.finishRun(id, 'finished'))
  await log.close()
  assert.equal(kept(), [])
  for (const name of names) assert.equal(await stepsIn(direct, name), [...Array(12).keys()])
  proxy.close()
})

test('and what one run keeps is not delivered while it is written, by the call of another', async () => {
  const {direct, proxy, open} = await behindProxy()
  const log = await open()
  const [first, second] = [
    await log.startRun(sampleRun({name: 'first'})),
    await log.startRun(sampleRun({name: 'second'})),
  ]
  proxy.state = 'cut'
  await log.writeSnapshot(first, sampleSnapshot(0))
  proxy.state = 'open'
  // these find that it is not yet time to ask the server again, and those after them that it is
  const kept = [1, 2, 3].map((step) => log.writeSnapshot(first, sampleSnapshot(step)))
  aWhileLater()
  const all = [1, 2, 3].map((step) => log.writeSnapshot(second, sampleSnapshot(step)))
  const closing = [first, second].map((id) => log.finishRun(id, 'finished'))
  const closed = log.close()
  await Promise.all([...kept, ...all, ...closing, closed])
  await rejects(log.heartbeat(first), /was closed; open it again/)
  assert.equal(await stepsIn(direct, 'first'), [0, 1, 2, 3])
  assert.equal(await stepsIn(direct, 'second'), [1, 2, 3])
  proxy.close()
})

test('a run that was resumed elsewhere meanwhile is left to whoever resumed it', async () => {
  const {direct, proxy, said, folder, open, kept} = await behindProxy()
  const log = await open()
  const runId = await log.startRun(sampleRun())
  for (const step of [0, 10]) await log.writeSnapshot(runId, sampleSnapshot(step))
  proxy.state = 'cut'
  await log.writeSnapshot(runId, sampleSnapshot(20))
  const place = {host: 'elsewhere', environment: ''}
  await withLog(async ({db}) => {
    const {environment, heartbeat_at} = await rowOf({db} as Log, runId)
    const resumed = [{at: heartbeat_at, step: 10, was: {}}]
    place.environment = JSON.stringify({...JSON.parse(environment), process: {pid: 7}, resumed})
    await db.updateTable('runs').set(place).execute()
  }, direct)
  await log.writeSnapshot(runId, sampleSnapshot(30))
  proxy.state = 'open'
  aWhileLater()
  await rejects(
    log.writeSnapshot(runId, sampleSnapshot(40)),
    /was taken over by process 7 on elsewhere/,
  )
  assert.match(said.join('\n'), /was taken over by process 7 on elsewhere/)
  await log.close()
  assert.is(kept().length, 1)
  const again = await openLog(log.path, {spool: folder, warn: () => undefined})
  await rejects(again.reopenRun(runId), /was taken over by process 7 on elsewhere/)
  await rejects(again.heartbeat(runId), /was taken over by process 7 on elsewhere/)
  await again.close()
  // what this process kept may be delivered once it is gone, and is given up
  await withLog(
    ({db}) => db.updateTable('runs').set({status: 'failed'}).execute(),
    join(folder, kept()[0]!),
  )
  const {code, stdout, stderr} = await runCaptured(['sync', '--folder', folder])
  assert.is(code, 0, stderr)
  assert.match(
    stdout,
    /: 0 snapshots delivered .*, 2 left out, from beyond where the run was resumed/,
  )
  assert.equal(kept(), [])
  assert.equal(await stepsIn(direct), [0, 10])
  await withLog(async (after) => {
    const {host, environment} = await rowOf(after, runId)
    assert.equal({host, environment}, place)
  }, direct)
  proxy.close()
})

test('a run is resumed whatever lies beside what its process had kept', async () => {
  const {direct, proxy, said, folder, open, kept} = await behindProxy()
  const log = await open()
  const runId = await log.startRun(sampleRun())
  proxy.state = 'cut'
  await log.writeSnapshot(runId, sampleSnapshot(10))
  await log.finishRun(runId, 'failed')
  await log.close()
  const place = (name: string) => join(folder, `linear-regions-${name}.spool.db`)
  writeFileSync(place('0-damaged'), 'x'.repeat(5000))
  await withLog(async () => undefined, place('1-ordinary'))
  await withLog(async ({db}) => {
    await db.updateTable('meta').set({value: '999'}).where('key', '=', 'schema_version').execute()
  }, place('2-newer'))
  await withLog(async () => undefined, place('3-locked'))
  const others = kept().length
  const locking = new sqlite3.Database(place('3-locked'))
  const lock = promisify(locking.exec.bind(locking))
  await lock('pragma journal_mode = delete')
  await lock('begin exclusive')
  proxy.state = 'open'
  const next = await open()
  const {step} = await next.resumeRun({...sampleRun(), must: true})
  assert.is(step, 10)
  await lock('rollback')
  await promisify(locking.close.bind(locking))()
  await next.close()
  for (const why of [
    'not a SQLite file; .*0-damaged.* is left as it is',
    '1-ordinary.*" is an ordinary log',
    '2-newer.*newer',
    '3-locked.*" stayed locked',
  ])
    assert.match(said.join('\n'), new RegExp(why))
  assert.is(kept().length, others - 1)
  assert.equal(await stepsIn(direct), [10])
  proxy.close()
})

test('and a spool that cannot grow: an error that says so, and no more', async () => {
  const {direct, proxy, open, folder} = await behindProxy()
  const log = await open()
  const runId = await log.startRun(sampleRun())
  proxy.state = 'cut'
  const spool = join(folder, 'gone')
  mkdirSync(spool)
  const lost = await openLog(log.path, {spool, warn: () => undefined})
  rmdirSync(spool)
  await rejects(
    lost.startRun(sampleRun({name: 'lost'})),
    /cannot be reached .*; and nothing can be kept meanwhile: .*folder/,
  )
  await lost.close()
  await log.writeSnapshot(runId, sampleSnapshot(0))
  proxy.state = 'open'
  await log.close()
  assert.equal(await stepsIn(direct), [0])
  proxy.close()
})

test('and a spool that could not be written to: an error before the run', async () => {
  const {port} = await sharedServer()
  const place = `postgres://tester@127.0.0.1:${port}/postgres`
  const file = join(temporaryFolder(), 'file')
  writeFileSync(file, '')
  for (const [spool, got] of [
    [file, /got ".*file" \(it is a file\); create it, name another, or give false/],
    [join(file, 'below'), /got ".*below" \(ENOTDIR\)/],
    ['', /got ""; name one, or give false/],
    [true as never, /got true; name one, or give false/],
  ] as const) {
    const error = await rejects(openLog(place, {spool}), got)
    assert.match(error.message, /^spool: expected a folder that can be written to/)
  }
})

test.run()
