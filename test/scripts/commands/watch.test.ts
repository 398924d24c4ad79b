import {mkdirSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import stringWidth from 'string-width'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {run} from '../../../scripts/cli.js'
import type {Newest} from '../../../scripts/watch/newest.js'
import {watchLine, watchScreen} from '../../../scripts/watch/text.js'
import {cutOff, sampleRun, sampleSnapshot, temporaryPath, withLog} from '../../storage/sample.js'
import {capture, runCaptured} from '../capture.js'

const test = suite('watch')

const often = ['--every', '0.01']

/** Starts to watch a log; `until` waits for a text on standard output. */
function watching(path: string, words: readonly string[], columns?: number) {
  const stdout = capture(columns)
  const stderr = capture()
  const interruption = new AbortController()
  const argv = ['watch', '--database', path, ...often, ...words]
  const {signal} = interruption
  const ended = run(argv, {stdout: stdout.stream, stderr: stderr.stream, signal})
  const until = (text: string, of = stdout) => of.until(text)
  return {ended, until, stdout, stderr, interrupt: () => interruption.abort()}
}

test('a line for each snapshot as it comes, and one for the end', () => {
  const path = temporaryPath()
  return withLog(async (log) => {
    const id = await log.startRun(sampleRun())
    const {ended, until, stdout, stderr} = watching(path, [])
    await until('sample, seed 1: no snapshot yet\n')
    await log.writeSnapshot(id, sampleSnapshot(0, {loss: null, metrics: null}))
    await until('step 0, epoch 0 |')
    await log.writeSnapshot(id, sampleSnapshot(20))
    await until('step 20, epoch 2, loss 0.25, acc 0.5 |')
    await log.finishRun(id, 'finished')
    assert.is(await ended, 0)
    const lines = stdout.text().trimEnd().split('\n')
    assert.is(lines.length, 4)
    assert.match(lines[3]!, /^sample, seed 1: finished after [\d.]+ s$/)
    const {median} = await log.db
      .selectFrom('distance_summary')
      .select('median')
      .where('step', '=', 20)
      .where('norm', '=', 'l2')
      .where('point_group', '=', 'uniform')
      .executeTakeFirstOrThrow()
    const shown = Number(/distance l2: train [\d.]+, uniform ([\d.]+) \|/.exec(lines[2]!)![1])
    assert.ok(Math.abs(shown / median - 1) < 0.005)
    assert.match(lines[2]!, / \| log2 bound combined product 0\.1: train /)
    assert.is(stderr.text(), '')
  }, path)
})

test('on a terminal, each state takes the place of the one before', () => {
  const path = temporaryPath()
  return withLog(async (log) => {
    const id = await log.startRun(sampleRun())
    await log.writeSnapshot(id, sampleSnapshot(0))
    const {ended, until, stdout} = watching(path, [], 70)
    await until('step 0, ')
    await log.writeSnapshot(id, sampleSnapshot(20))
    await until('step 20, ')
    await log.finishRun(id, 'failed', 'out of\nmemory')
    assert.is(await ended, 0)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what moves the cursor
    const states = stdout.text().split(/\u001b\[\d+A\u001b\[0J/)
    assert.ok(states.length > 2)
    const moves = [...stdout.text().matchAll(/\[(\d+)A/g)].map(([, lines]) => Number(lines))
    moves.forEach((lines, index) => {
      assert.is(states[index]!.split('\n').length - 1, lines)
    })
    const last = states.at(-1)!
    assert.match(last, /^sample, seed 1: failed after [\d.]+ s: out of␊memory\n/)
    assert.match(last, /last snapshot [\d.]+ s ago, at 20.* UTC, measured in 0 s\nstep 20, epoch 2/)
    assert.match(last, /│ distance l2 +│ +[\d.]+ │ +[\d.]+ │/)
    assert.ok(last.split('\n').every((line) => stringWidth(line) <= 70))
  }, path)
})

test('--once looks once; --json prints what it saw', () => {
  const path = temporaryPath()
  return withLog(async (log) => {
    const look = (...words: string[]) =>
      runCaptured(['watch', '--once', '--database', path, ...words])
    const none = await look()
    assert.is(none.code, 1)
    assert.match(none.stderr, 'holds no runs yet')
    const id = await log.startRun(sampleRun())
    const infinite = sampleSnapshot(3, {status: 'partial', reason: 'time was up'})
    infinite.distances[1]!.distance.fill(Infinity)
    await log.writeSnapshot(id, infinite)
    const {code, stdout} = await look()
    assert.is(code, 0)
    assert.match(stdout, 'partial (time was up) | ')
    assert.match(stdout, 'distance l2: train Infinity, uniform Infinity')
    const {run: seen, snapshot} = JSON.parse((await look('--json')).stdout)
    assert.is(seen.id, id)
    assert.is(snapshot.step, 3)
    assert.equal(snapshot.groups, ['train', 'uniform'])
    assert.equal(snapshot.medians[0], {
      measure: 'distance l2',
      median: ['Infinity', 'Infinity'],
    })
  }, path)
})

test('the run is the one that runs, else the last, else the one that is asked for', () => {
  const path = temporaryPath()
  return withLog(async (log) => {
    const first = await log.startRun(sampleRun({name: 'first'}))
    const second = await log.startRun(sampleRun({name: 'second', seed: 2}))
    const seen = async (...words: string[]) => {
      const argv = ['watch', '--once', '--json', '--database', path, ...words]
      return JSON.parse((await runCaptured(argv)).stdout).run.name
    }
    const started = (id: string, at: string) =>
      log.db.updateTable('runs').set({started_at: at}).where('id', '=', id).execute()
    await started(first, '2026-01-31T10:00:00.000Z')
    await started(second, '2026-01-31T11:00:00.000Z')
    assert.is(await seen(), 'second')
    assert.is(await seen('--run', 'first'), 'first')
    assert.is(await seen('--run', first.slice(0, 8)), 'first')
    await log.finishRun(second, 'finished')
    assert.is(await seen(), 'first')
    await log.finishRun(first, 'finished')
    assert.is(await seen(), 'second')
    const unknown = await runCaptured(['watch', '--database', path, '--run', 'third'])
    assert.is(unknown.code, 1)
    assert.match(unknown.stderr, '(names: first, second), got "third"')
  }, path)
})

test('waits for a run where there is none yet; Ctrl-C ends it and is no failure', () => {
  const path = temporaryPath()
  return withLog(async (log) => {
    const {ended, until, stdout, stderr, interrupt} = watching(path, [])
    await until(`waiting for a run in ${path}\n`, stderr)
    await log.startRun(sampleRun())
    await until('no snapshot yet')
    interrupt()
    assert.is(await ended, 0)
    assert.is(stdout.text(), 'sample, seed 1: no snapshot yet\n')
    assert.is(stderr.text(), `waiting for a run in ${path}\n`)
  }, path)
})

test('waits for a log that is not there yet, nor its folder; a single look does not', async () => {
  const path = join(temporaryPath('later'), 'runs.db')
  const {ended, until, stdout, stderr} = watching(path, ['--run', 'sample'])
  await until(`waiting for a run in ${path}, which is not there yet\n`, stderr)
  mkdirSync(dirname(path))
  writeFileSync(path, '')
  await withLog(async (log) => {
    const id = await log.startRun(sampleRun())
    await until('no snapshot yet')
    await log.writeSnapshot(id, sampleSnapshot(0))
    await until('step 0, epoch 0')
    await log.finishRun(id, 'finished')
    assert.is(await ended, 0)
  }, path)
  assert.match(stdout.text(), /finished after [\d.]+ s\n$/)
  const missing = temporaryPath()
  const once = await runCaptured(['watch', '--once', '--database', missing])
  assert.is(once.code, 1)
  assert.match(once.stderr, 'there is no file')
  // what is no log is not waited for
  writeFileSync(missing, 'x'.repeat(500))
  const {code, stderr: said} = await runCaptured(['watch', '--database', missing])
  assert.is(code, 1)
  assert.match(said, 'is not a SQLite file')
})

test('a run that was cut off is not waited for', () => {
  const path = temporaryPath()
  return withLog(async (log) => {
    const id = await log.startRun(sampleRun())
    await cutOff(log, id)
    const {code, stdout} = await runCaptured(['watch', '--database', path])
    assert.is(code, 0)
    assert.match(stdout, /sample, seed 1: abandoned, no sign of life for \d+ d \d+ h\n/)
  }, path)
})

test('a hostile name or a narrow terminal does no harm', () => {
  const state: Newest = {
    run: {
      id: '',
      name: '\u001b[2J学習\n',
      seed: 1,
      status: 'running',
      error: null,
      started_at: '2026-01-31T10:00:00.000Z',
      heartbeat_at: '2026-01-31T10:00:00.000Z',
      ended_at: null,
    },
    snapshot: {
      id: 1,
      step: 1,
      epoch: 1 / 3,
      recorded_at: '2026-01-31T10:00:01.000Z',
      status: 'failed',
      reason: 'a\nb',
      measure_ms: null,
      loss: 0.123456,
      metrics: {'a\tc': 'Infinity'},
      groups: ['tr\u001b[2Jain'],
      medians: [{measure: 'mine\n', median: [null]}],
    },
  }
  const now = Date.parse('2026-01-31T12:30:00.000Z')
  for (const width of [10, 30, 200]) {
    const lines = watchScreen(state, now, width)
    for (const line of lines.slice(0, 3)) assert.ok(stringWidth(line) <= width, line)
    assert.not.match(lines.join(''), /\p{Cc}/u)
  }
  assert.is(watchScreen(state, now, 200)[0], '␛[2J学習␊, seed 1: running for 2 h 30 min')
  assert.not.match(watchLine(state), /\p{Cc}/u)
})

test.run()
