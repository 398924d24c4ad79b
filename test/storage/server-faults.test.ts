import {spawnSync} from 'node:child_process'
import {readdirSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import * as assert from 'uvu/assert'
import {openLog} from '../../storage/index.js'
import {runCaptured} from '../scripts/capture.js'
import {onServer, schemaOf, serverSuite, temporarySchema} from '../support/databases.js'
import {temporaryFolder} from '../support/folder.js'
import {freePort, startServer} from '../support/postgres/server.js'
import {sampleRun, sampleSnapshot, withLog} from './sample.js'
import {trainedSize} from './train-size.js'
import {checkWhole, sampleSize} from './whole.js'

const test = serverSuite('a server that breaks down')

test('is killed in the middle of snapshots, and started again: nothing is lost or doubled', async () => {
  const server = await startServer()
  const folder = temporaryFolder()
  const patience = 60_000
  const log = await openLog(server.address, {spool: folder, patience, warn: () => undefined})
  const runId = await log.startRun(sampleRun())
  const steps = 12
  const kill = async () => {
    await server.kill()
    await server.start()
  }
  for (let step = 0; step < steps; step++) {
    const breaking = step % 6 === 3 ? kill() : undefined
    await log.writeSnapshot(runId, sampleSnapshot(step))
    await breaking
  }
  await log.finishRun(runId, 'finished')
  await log.close()
  assert.equal(readdirSync(folder), [])
  await withLog(async (after) => {
    await checkWhole(after, sampleSize)
    const rows = await after.db.selectFrom('timeline').selectAll().orderBy('step').execute()
    assert.equal(
      rows.map(({step, run_status}) => [step, run_status]),
      Array.from({length: steps}, (_, step) => [step, 'finished']),
    )
  }, server.address)
  await server.kill()
})

test('has no room on its disk: what is logged is kept until there is some', async () => {
  const place = await temporarySchema()
  const schema = schemaOf(place)
  const folder = temporaryFolder()
  const said: string[] = []
  const patience = 60_000
  const log = await openLog(place, {spool: folder, patience, warn: (text) => said.push(text)})
  const runId = await log.startRun(sampleRun())
  await log.writeSnapshot(runId, sampleSnapshot(0))
  // in the middle of a snapshot, as a table that cannot grow says it
  await onServer(`
    create function ${schema}.is_full() returns trigger language plpgsql as
      $$ begin raise exception 'could not extend file' using errcode = 'disk_full'; end $$;
    create trigger is_full before insert on ${schema}.bounds execute function ${schema}.is_full()`)
  await log.writeSnapshot(runId, sampleSnapshot(1))
  assert.match(
    said.join('\n'),
    /the disk of the server is full; make room and go on; run .* is kept/,
  )
  assert.equal(await onServer(`select step from ${schema}.snapshots`), [{step: '0'}])
  await onServer(`drop trigger is_full on ${schema}.bounds; drop function ${schema}.is_full()`)
  await log.finishRun(runId, 'finished')
  await log.close()
  assert.equal(readdirSync(folder), [])
  await withLog(async (after) => {
    await checkWhole(after, sampleSize)
    const rows = await after.db.selectFrom('timeline').select('step').orderBy('step').execute()
    assert.equal(rows, [{step: 0}, {step: 1}])
  }, place)
})

test('while the disk of the spool is full too: a warning, and the training goes on', async () => {
  const train = fileURLToPath(new URL('./train.ts', import.meta.url))
  const epochs = '12'
  const spool = temporaryFolder()
  const gone = `postgres://tester@127.0.0.1:${await freePort()}/postgres`
  const trained = (before: string, place: string, ...more: string[]) => {
    const script = `${before} && "$0" --import ${import.meta.resolve('tsx')} "$@"`
    const words = ['-c', script, process.execPath, train, place, 'full', epochs, ...more]
    const {status, stdout, stderr} = spawnSync('bash', words, {encoding: 'utf8'})
    assert.is(status, 0, stderr)
    const stored = [...stdout.matchAll(/^stored (\d+)$/gm)].map(([, step]) => Number(step))
    return {stored, stderr, loss: /^loss (.*)$/m.exec(stdout)?.[1]}
  }
  const {loss} = trained('true', ':memory:')
  const full = trained('ulimit -f 130', gone, '', spool)
  assert.is(full.loss, loss)
  assert.match(full.stderr, /cannot be reached .* is kept in .*spool\.db/)
  assert.match(full.stderr, /cannot (grow|be read or written).*\(the training goes on/)
  assert.not.match(full.stderr, /\n\s+at /)
  const [file] = readdirSync(spool) as [string]
  assert.ok(statSync(join(spool, file)).size <= 130 * 1024)

  const place = await temporarySchema()
  const {code, stderr} = await runCaptured(['sync', '--folder', spool, '--database', place])
  assert.is(code, 0, stderr)
  assert.equal(readdirSync(spool), [])
  await withLog(async (log) => {
    await checkWhole(log, trainedSize)
    const rows = await log.db.selectFrom('snapshots').selectAll().orderBy('step').execute()
    assert.equal(
      rows.map(({step}) => step),
      full.stored,
    )
    // those that did not fit are there as failed, with the reason
    const failed = rows.filter(({status}) => status === 'failed')
    assert.ok(failed.length > 0 && failed.length < rows.length)
    for (const {reason} of failed) assert.match(reason!, /cannot (grow|be read or written)/)
  }, place)
})

test.run()
