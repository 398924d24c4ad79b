import {spawnSync} from 'node:child_process'
import {readdirSync, statSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {temporaryFolder} from '../support/folder.js'
import {temporaryPath, withLog} from './sample.js'
import {trainedSize} from './train-size.js'
import {checkWhole} from './whole.js'

// where the log is on a server, it is the disk of the spool or of the server: server-faults.test.ts
const full = suite('a training whose SQLite file cannot grow')

const train = fileURLToPath(new URL('./train.ts', import.meta.url))
const epochs = 12

/** Trains in a shell that has done `before`; the log is at `path`. */
function trainAfter(before: string, path: string, wrapper: readonly string[] = []) {
  const script = `${before} && "$0" --import ${import.meta.resolve('tsx')} "$@"`
  const words = ['bash', '-c', script, process.execPath, train, path, 'full', String(epochs)]
  const [program, ...args] = [...wrapper, ...words]
  const {status, stdout, stderr} = spawnSync(program!, args, {encoding: 'utf8'})
  const stored = [...stdout.matchAll(/^stored (\d+)$/gm)].map(([, step]) => Number(step))
  return {status, stored, stderr, loss: /^loss (.*)$/m.exec(stdout)?.[1]}
}

const whole = trainAfter('true', temporaryPath())

/** The training went on to the same end; what it was told is stored is there, whole or as failed. */
async function checkUnharmed(path: string, got: ReturnType<typeof trainAfter>, complaint: RegExp) {
  assert.is(got.status, 0, got.stderr)
  assert.is(got.loss, whole.loss)
  assert.ok(got.stored.length > 0 && got.stored.length < whole.stored.length, String(got.stored))
  assert.match(got.stderr, complaint)
  assert.not.match(got.stderr, /\n\s+at /)
  await withLog(async (log) => {
    await checkWhole(log, trainedSize)
    const rows = await log.db.selectFrom('snapshots').selectAll().orderBy('step').execute()
    assert.equal(
      rows.map(({step}) => step),
      got.stored,
    )
    assert.ok(rows.some(({status}) => status === 'complete'))
    for (const {status, reason} of rows) {
      if (status === 'complete') continue
      assert.is(status, 'failed')
      assert.match(reason!, complaint)
    }
  }, path)
}

full('without a limit it stores everything', async () => {
  assert.is(whole.status, 0)
  assert.is(whole.stored.length, epochs + 1)
})

full('because files may not grow further, goes on, and keeps what it had', async () => {
  const path = temporaryPath()
  await checkUnharmed(path, trainAfter('ulimit -f 200', path), /cannot (grow|be read or written)/)
  assert.ok(statSync(path).size <= 200 * 1024)
})

// a small disk of one's own needs a name space of its own, which not every machine grants
const grants =
  spawnSync('unshare', ['--mount', '--map-root-user', 'true'], {stdio: 'ignore'}).status === 0
if (!grants)
  console.log('\n*** No name spaces: a full disk is NOT tested, only a limit on files.\n')

;(grants ? full : full.skip)(
  'because the disk is full, goes on, and keeps what it had',
  async () => {
    const disk = temporaryFolder()
    const kept = temporaryFolder()
    const before = `mount -t tmpfs -o size=400k none '${disk}' && trap "cp '${disk}'/* '${kept}'" EXIT`
    const wrapper = ['unshare', '--mount', '--map-root-user']
    const got = trainAfter(before, join(disk, 'runs.db'), wrapper)
    assert.equal(readdirSync(disk), [])
    const path = join(kept, 'runs.db')
    assert.is(dirname(path), kept)
    await checkUnharmed(path, got, /cannot grow, the disk is full; make room and go on/)
  },
)

full.run()
