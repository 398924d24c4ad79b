import {existsSync, writeFileSync} from 'node:fs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {sampleRun, temporaryPath, withLog} from '../../storage/sample.js'
import {runCaptured} from '../capture.js'

const test = suite('merge')

async function sampleLog(): Promise<string> {
  const path = temporaryPath()
  await withLog((log) => log.startRun(sampleRun()), path)
  return path
}

test('makes no log where one of the sources is none, or lacks the run', async () => {
  const good = await sampleLog()
  const bad = temporaryPath('notes.db')
  writeFileSync(bad, 'no log')
  for (const [words, message] of [
    [[bad], /notes\.db" is not a SQLite file/],
    [[good, bad], /notes\.db" is not a SQLite file/],
    [[good, temporaryPath('missing.db')], /there is no file ".*missing\.db"/],
    [[good, '--run', 'nobody'], /run: expected a name or an id .* got "nobody"/],
  ] as const) {
    const into = temporaryPath('into.db')
    const {code, stdout, stderr} = await runCaptured(['merge', ...words, '--into', into])
    assert.is(code, 1, stderr)
    assert.match(stderr, message)
    assert.is(stdout, '')
    assert.not(existsSync(into))
  }
})

test('copies a run that is in one of the logs alone', async () => {
  const into = temporaryPath('into.db')
  const other = temporaryPath()
  await withLog((log) => log.startRun(sampleRun({name: 'other'})), other)
  const words = [await sampleLog(), other, '--run', 'other', '--into', into]
  const {code, stdout, stderr} = await runCaptured(['merge', ...words])
  assert.is(code, 0, stderr)
  assert.match(stdout, /: 0 runs, .*\n.*: 1 run, /)
  const {stdout: list} = await runCaptured(['runs', 'list', '--database', into])
  assert.match(list, 'other')
  assert.not.match(list, 'sample')
})

test('copies the runs of several logs', async () => {
  const into = temporaryPath('into.db')
  const logs = [await sampleLog(), await sampleLog()]
  const {code, stdout, stderr} = await runCaptured(['merge', ...logs, '--into', into])
  assert.is(code, 0, stderr)
  assert.match(stdout, /: 1 run, 0 snapshots copied.*\n.*: 1 run, 0 snapshots copied/)
})

test.run()
