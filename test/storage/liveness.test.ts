import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {existsSync} from 'node:fs'
import {hostname} from 'node:os'
import {test} from 'uvu'
import * as assert from 'uvu/assert'
import {aliveText, secondsAlive} from '../../storage/liveness.js'
import {type ProcessMark, thisProcess} from '../../storage/process-mark.js'
import type {RunRow} from '../../storage/schema.js'

/** The row of a run whose process said something so many seconds ago. */
function runOf(mark: Partial<ProcessMark>, seconds = 1e6, changes: Partial<RunRow> = {}): RunRow {
  return {
    status: 'running',
    host: hostname(),
    heartbeat_at: new Date(Date.now() - 1000 * seconds).toISOString(),
    heartbeat_every: 60,
    environment: JSON.stringify({process: {...thisProcess(), ...mark}}),
    ...changes,
  } as RunRow
}

const isAlive = (run: RunRow) => secondsAlive(run) !== null

const idle = (): ChildProcess =>
  spawn(process.execPath, ['-e', 'process.stdin.resume()'], {stdio: ['pipe', 'ignore', 'ignore']})

test('a run whose process is there is alive, however long it is silent', async () => {
  assert.ok(isAlive(runOf({})))
  const child = idle()
  await once(child, 'spawn')
  // when a process began is told by Linux alone
  const other = {pid: child.pid!, started: null}
  assert.ok(isAlive(runOf(other)))
  child.kill('SIGKILL')
  await once(child, 'close')
  assert.not.ok(isAlive(runOf(other, 0)))
})

test('a run that has ended is not', () => {
  for (const status of ['finished', 'failed'] as const)
    assert.not.ok(isAlive(runOf({}, 0, {status})))
})

test('a process that has the number by now is told from the one that had it', () => {
  if (thisProcess().started === null) return
  assert.not.ok(isAlive(runOf({started: thisProcess().started! - 1}, 0)))
})

test('a process that is dead and not buried yet is gone', async () => {
  if (!existsSync('/proc/self/stat')) return
  // the shell becomes a program that never asks what became of its child
  const script = 'sleep 0.01 & echo $!; exec sleep 60'
  const parent = spawn('sh', ['-c', script], {stdio: ['ignore', 'pipe', 'ignore']})
  const [text] = await once(parent.stdout, 'data')
  const pid = Number(String(text))
  try {
    // it ends soon: until then it is alive, and nothing else ends the waiting
    while (isAlive(runOf({pid, started: null}))) await new Promise(setImmediate)
    // it still has its number
    process.kill(pid, 0)
  } finally {
    parent.kill('SIGKILL')
  }
})

for (const [where, mark, changes] of [
  ['on another host', {}, {host: 'elsewhere'}],
  ['in another container', {space: 'pid:[1]'}, {}],
  ['before the machine was started again', {boot: 'another'}, {}],
] as [string, Partial<ProcessMark>, Partial<RunRow>][])
  test(`of a process ${where} silence says whether it lives`, () => {
    assert.ok(isAlive(runOf(mark, 170, changes)))
    assert.not.ok(isAlive(runOf(mark, 190, changes)))
    assert.not.ok(isAlive(runOf(mark, 170, {...changes, heartbeat_every: 50})))
    assert.match(aliveText(runOf(mark, 170, changes))!, /or wait until .* silent for 180 s$/)
  })

test('a mark that says less, or nothing at all, is believed as far as it goes', () => {
  const {pid, space} = thisProcess()
  const said = (mark?: ProcessMark) => ({environment: JSON.stringify({process: mark})})
  assert.ok(isAlive(runOf({}, 1e6, said({pid, space: space ?? null}))))
  assert.ok(isAlive(runOf({}, 170, said())))
  assert.not.ok(isAlive(runOf({}, 190, said())))
})

test('what can be done about a run that is alive is said', () => {
  assert.match(aliveText(runOf({}, 5))!, /5 s ago from .*, from this process; finish it first$/)
  const parent = runOf({pid: process.ppid, started: null}, 5)
  assert.match(
    aliveText(parent)!,
    new RegExp(`where process ${process.ppid} still runs; end that$`),
  )
  assert.is(aliveText(runOf({}, 5, {status: 'failed'})), null)
})

test.run()
