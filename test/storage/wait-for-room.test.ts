import {readdirSync} from 'node:fs'
import pg from 'pg'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {openLog} from '../../storage/index.js'
import {waitForRoom} from '../../storage/wait-for-room.js'
import {runCaptured} from '../scripts/capture.js'
import {onServer, serverSuite, temporarySchema} from '../support/databases.js'
import {temporaryFolder} from '../support/folder.js'
import {rejects} from '../support/rejects.js'
import {sampleRun, sampleSnapshot, withLog} from './sample.js'
import {checkWhole, sampleSize} from './whole.js'

const attempts = suite('a connection that is refused')

/** Connecting that fails with the codes of the list, one after another, then succeeds. */
function connecting(...codes: string[]) {
  const left = [...codes]
  const connect = async () => {
    const code = left.shift()
    if (code !== undefined) throw Object.assign(new Error(code), {code})
    return 'client'
  }
  return {connect, left}
}

attempts('for want of room is asked for again', async () => {
  const {connect} = connecting('53300', '53300', '53300')
  assert.is(await waitForRoom(connect, 60_000, () => false), 'client')
})

attempts('for another reason is not', async () => {
  const {connect, left} = connecting('53300', '3D000', '53300')
  await rejects(
    waitForRoom(connect, 60_000, () => false),
    /^3D000$/,
  )
  assert.is(left.length, 1)
})

attempts('is given up in time, or where nobody waits for it', async () => {
  await rejects(
    waitForRoom(connecting('53300').connect, 0, () => false),
    /^53300$/,
  )
  const {connect, left} = connecting('53300', '53300', '53300')
  await rejects(
    waitForRoom(connect, 60_000, () => left.length < 2),
    /^53300$/,
  )
  assert.is(left.length, 1)
})

attempts.run()

const test = serverSuite('a server that has no room')
let crowd = 0

/** A log of a user who may have one connection, and a client that holds it. */
async function crowded() {
  const name = `crowd_${crowd++}`
  await onServer(`create role ${name} login connection limit 1;
    grant create on database postgres to ${name}`)
  const direct = await temporarySchema()
  const place = direct.replace('tester@', `${name}@`)
  const holder = new pg.Client({connectionString: place.replace(/\?.*/, '')})
  await holder.connect()
  return {direct, place, leave: () => holder.end()}
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

for (const spool of [false, temporaryFolder()] as const) {
  test(`is waited for ${spool ? 'before a spool is begun' : 'without a spool'}`, async () => {
    const {place, leave} = await crowded()
    const patience = 60_000
    const opening = openLog(place, {spool, patience, warn: assert.unreachable})
    await Promise.race([opening, wait(300)])
    await leave()
    const log = await opening
    const runId = await log.startRun(sampleRun())
    await log.writeSnapshot(runId, sampleSnapshot(0))
    await log.close()
    if (spool) assert.equal(readdirSync(spool), [])
  })
}

test('for longer than one waits is an error that says so', async () => {
  const {place, leave} = await crowded()
  const opening = openLog(place, {spool: false, patience: 200})
  await rejects(opening, /has too many clients already; wait, or raise max_connections/)
  await leave()
})

test('for longer than one waits: what is logged is kept, and delivered once', async () => {
  const {direct, place, leave} = await crowded()
  const spool = temporaryFolder()
  const said: string[] = []
  const log = await openLog(place, {spool, patience: 200, warn: (text) => said.push(text)})
  const runId = await log.startRun(sampleRun())
  await log.writeSnapshot(runId, sampleSnapshot(0))
  await log.finishRun(runId, 'finished')
  await log.close()
  assert.match(said.join('\n'), /(too many clients|did not answer).*; run .* is kept in/)
  assert.is(readdirSync(spool).length, 1)
  await leave()
  const {code, stderr} = await runCaptured(['sync', '--folder', spool])
  assert.is(code, 0, stderr)
  await withLog(async (after) => {
    await checkWhole(after, sampleSize)
    const rows = await after.db.selectFrom('timeline').select(['step', 'run_status']).execute()
    assert.equal(rows, [{step: 0, run_status: 'finished'}])
  }, direct)
})

test.run()
