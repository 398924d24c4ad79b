import {PassThrough} from 'node:stream'
import stringWidth from 'string-width'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {type Log, openLog} from '../../../storage/log.js'
import {
  cutOff,
  longAgo,
  rowCounts,
  sampleRun,
  sampleSnapshot,
  temporaryPath,
  withLog,
} from '../../storage/sample.js'
import {capture, runCaptured} from '../capture.js'

const test = suite('runs')

const database = temporaryPath()
let ids: Record<'done' | 'other' | 'broken' | 'silent' | 'empty', string>

/** Sets a run's times, so that what is shown of them is known. */
async function setTimes(log: Log, id: string, started: string, sign: string, ended: string | null) {
  const times = {started_at: started, heartbeat_at: sign, ended_at: ended}
  await log.db.updateTable('runs').set(times).where('id', '=', id).execute()
}

test.before(() =>
  withLog(async (log) => {
    const environment = {
      refused: [{name: 'tfjs-node', why: 'not installed'}],
    }
    const config = {learningRate: 0.1, layers: {width: 16}, note: 'a "quoted"\nnote'}
    const done = await log.startRun(
      sampleRun({name: 'mlp', config, environment, device: 'two cores', argv: ['train', "it's"]}),
    )
    await log.writeSnapshot(done, sampleSnapshot(0))
    const infinite = sampleSnapshot(30)
    infinite.distances[1]!.distance.fill(Infinity)
    await log.writeSnapshot(done, infinite)
    await log.finishRun(done, 'finished')
    const other = await log.startRun(
      sampleRun({name: 'mlp', seed: 2, config: {...config, layers: {width: 32}, extra: [1, 2]}}),
    )
    await log.writeSnapshot(other, sampleSnapshot(0))
    await log.finishRun(other, 'finished')
    const broken = await log.startRun(sampleRun({name: 'broken\u001b[2J'}))
    await log.writeSnapshot(broken, sampleSnapshot(2, {status: 'partial', reason: 'time was up'}))
    await log.finishRun(broken, 'failed', 'out of memory')
    const silent = await log.startRun(sampleRun({name: 'silent'}))
    await cutOff(log, silent)
    const empty = await log.startRun(sampleRun({name: 'empty'}))
    ids = {done, other, broken, silent, empty}
    const day = '2026-01-31T'
    await setTimes(log, done, `${day}10:00:00.000Z`, `${day}10:01:49.000Z`, `${day}10:01:48.500Z`)
    await setTimes(log, other, `${day}11:00:00.000Z`, `${day}13:30:00.000Z`, `${day}13:30:00.000Z`)
    await setTimes(log, broken, `${day}12:00:00.000Z`, `${day}12:00:01.000Z`, `${day}12:00:01.000Z`)
    await setTimes(log, silent, `${day}13:00:00.000Z`, `${day}13:00:42.000Z`, null)
  }, database),
)

type Words = readonly string[]

const runs = (words: Words, more: Parameters<typeof runCaptured>[1] = {}, path = database) =>
  runCaptured(['runs', ...words, '--database', path], more)

async function shown(...parameters: Parameters<typeof runs>): Promise<string> {
  const {code, stdout, stderr} = await runs(...parameters)
  assert.is(stderr, '')
  assert.is(code, 0)
  return stdout
}

const shownJson = async (...words: Words) => JSON.parse(await shown([...words, '--json']))

async function complaint(words: Words, code: number, message: string): Promise<void> {
  const got = await runs(words)
  assert.is(got.stdout, '')
  assert.is(got.code, code)
  const [first = '', ...rest] = got.stderr.trimEnd().split('\n')
  assert.match(first, `linear-regions: ${message}`)
  assert.is(rest.length, code === 2 ? 1 : 0)
}

test('list: a line for each run, the oldest first, with what became of it', async () => {
  const listed = await shownJson('list')
  const words = (run: Record<string, unknown>) =>
    [run.name, run.seed, run.status, run.snapshots, run.step, run.epoch, run.loss].join(' ')
  assert.equal(listed.map(words), [
    'mlp 1 finished 2 30 3 0.25',
    'mlp 2 finished 1 0 0 0.25',
    'broken\u001b[2J 1 failed 1 2 0.2 0.25',
    'silent 1 abandoned 0   ',
    'empty 1 running 0   ',
  ])
  assert.equal(
    listed.slice(0, 4).map((run: {seconds: number}) => run.seconds),
    [108.5, 9000, 1, 42],
  )
  assert.is(listed[0].id, ids.done)
  const text = await shown([])
  assert.is(text, await shown(['list']))
  assert.match(text, new RegExp(`│ ${ids.done.slice(0, 8)} │ mlp +│ +1 │ finished +│ +30 │`))
  assert.match(text, '│ 1 min 49 s │ 2026-01-31 10:00 │')
  assert.match(text, '│ 2 h 30 min │')
  assert.match(text, 'broken␛[2J')
  assert.not.match(text, '\u001b')
})

test('list: says how many snapshots failed, beside what became of the run', async () => {
  const path = temporaryPath()
  await withLog(async (log) => {
    const id = await log.startRun(sampleRun({name: 'mlp'}))
    await log.writeSnapshot(id, sampleSnapshot(0))
    for (const step of [10, 20]) {
      await log.writeSnapshot(
        id,
        sampleSnapshot(step, {status: 'failed', reason: 'NaN at a point'}),
      )
    }
    await log.finishRun(id, 'finished')
    await log.startRun(sampleRun({name: 'empty'}))
  }, path)
  assert.match(await shown(['list'], {}, path), '│ finished (2 snapshots failed) │')
  const listed = JSON.parse(await shown(['list', '--json'], {}, path))
  const counts = listed.map((run: Record<string, number>) => [run.snapshots, run.failed_snapshots])
  assert.equal(counts, [
    [3, 2],
    [0, 0],
  ])
})

test('list: those of a name, of an id, of its head', async () => {
  assert.is((await shownJson('list', 'mlp')).length, 2)
  assert.is((await shownJson('list', ids.other)).length, 1)
  assert.is((await shownJson('list', ids.other.slice(0, 8), 'silent')).length, 2)
})

test('list: a log without runs says so', async () => {
  const path = temporaryPath()
  await withLog(async () => undefined, path)
  assert.is(await shown(['list'], {}, path), 'no runs yet\n')
  assert.is(await shown(['list', '--json'], {}, path), '[]\n')
})

for (const words of [['list'], ['show', 'mlp'], ['compare', 'mlp', 'broken\u001b[2J']]) {
  test(`${words[0]}: tables fit the terminal`, async () => {
    for (const columns of [40, 80, 200]) {
      const text = await shown(words, {columns})
      const drawn = text.split('\n').filter((line) => /^[┌├│└]/.test(line))
      assert.ok(drawn.length > 0)
      for (const line of drawn) assert.ok(stringWidth(line) <= columns, line)
      assert.not.match(text, /\p{Cc}(?<!\n)/u)
    }
  })
}

test('show: everything that is known of a run', async () => {
  const text = await shown(['show', ids.done.slice(0, 6)])
  for (const line of [
    'mlp\n===\n',
    `id          ${ids.done}\n`,
    'status      finished\n',
    'started     2026-01-31 10:00:00 UTC, took 1 min 49 s\n',
    'seed        1\n',
    'snapshots   2, steps 0 to 30\n',
    'last        step 30, epoch 3, loss 0.25, acc 0.5, ',
    'points      train 10, uniform 10\n',
    'model       4-16-8, 216 parameters, input 4\n',
    'backend     cpu (two cores)\n',
    'refused     tfjs-node: not installed\n',
    "command     train 'it'\\''s'\n",
    '"note": "a \\"quoted\\"\\nnote"',
    '│ 0 │ first  │ Dense │    16 │     1 │',
    '│ distance │ input units  │',
  ]) {
    assert.match(text, line)
  }
  const broken = await shown(['show', ids.broken])
  assert.match(broken, 'status      failed: out of memory\n')
  assert.match(broken, 'snapshots   1 (1 partial), steps 2 to 2\n            time was up\n')
  assert.match(await shown(['show', 'silent']), /status +abandoned\n[\s\S]*snapshots +none\n/)
})

test('show: as JSON, the row with its JSON read', async () => {
  const [run, ...others] = await shownJson('show', ids.done)
  assert.equal(others, [])
  const log = await openLog(database, {readonly: true})
  const row = await log.db
    .selectFrom('runs')
    .selectAll()
    .where('id', '=', ids.done)
    .executeTakeFirstOrThrow()
  await log.close()
  for (const [column, value] of Object.entries(row)) {
    const isJson = ['config', 'model', 'environment', 'argv'].includes(column)
    assert.equal(run[column], isJson ? JSON.parse(value as string) : value, column)
  }
  assert.is(run.layers[1].units, 8)
  assert.is(run.measures[0].unit, 'log2 regions')
  assert.is(run.snapshots.complete, 2)
  assert.equal(run.snapshots.last.points, {train: 10, uniform: 10})
})

test('compare: what differs, and the last medians of each group', async () => {
  const {runs: compared, differences, steps, medians} = await shownJson('compare', 'mlp')
  assert.equal(
    compared.map((run: {id: string}) => run.id),
    [ids.done, ids.other],
  )
  assert.equal(differences, {
    seed: [1, 2],
    'config.layers.width': [16, 32],
    'config.extra': [null, [1, 2]],
    device: ['two cores', null],
  })
  assert.equal(steps, [30, 0])
  const log = await openLog(database, {readonly: true})
  for (const {medians: both, ...key} of medians) {
    for (const [index, id] of [ids.done, ids.other].entries()) {
      const {median} = await log.db
        .selectFrom('summaries')
        .innerJoin('snapshots', 'snapshots.id', 'summaries.snapshot_id')
        .select('median')
        .where('run_id', '=', id)
        .where('step', '=', steps[index])
        .where((is) => is.and(key))
        .executeTakeFirstOrThrow()
      assert.is(both[index], median === Infinity ? 'Infinity' : median)
    }
  }
  await log.close()
  assert.is(medians.length, 14)
  const text = await shown(['compare', 'mlp'])
  assert.match(text, /│ +│ +seed 1 │ +seed 2 │/)
  assert.match(text, /│ step +│ +30 │ +0 │/)
  assert.match(text, /│ distance l2 train +│ Infinity │ +[\d.]+ │/)
  assert.match(text, /│ config\.layers\.width │ 16 +│ 32 +│/)
})

test('compare: runs without numbers have empty places', async () => {
  const {steps, medians} = await shownJson('compare', ids.other, 'silent')
  assert.equal(steps, [0, null])
  assert.ok(medians.every((row: {medians: unknown[]}) => row.medians[1] === null))
})

/** A log of its own with two finished runs, of 3 and 2 snapshots, that may be deleted. */
async function someRuns(): Promise<{path: string; first: string; second: string}> {
  const path = temporaryPath()
  return withLog(async (log) => {
    const [first = '', second = ''] = await Promise.all(
      ['first', 'second'].map((name) => log.startRun(sampleRun({name}))),
    )
    for (const step of [0, 1, 2]) await log.writeSnapshot(first, sampleSnapshot(step))
    for (const step of [0, 1]) await log.writeSnapshot(second, sampleSnapshot(step))
    for (const id of [first, second]) await log.finishRun(id, 'finished')
    return {path, first, second}
  }, path)
}

test('delete: a run goes with all that was logged of it, the others stay', async () => {
  const {path, first} = await someRuns()
  assert.is(await shown(['delete', 'first', '--yes'], {}, path), `deleted first (${first})\n`)
  await withLog(async (log) => {
    const {snapshots, points, summaries} = await rowCounts(log)
    assert.equal([snapshots, points, summaries], [2, 40, 28])
    for (const table of ['layers', 'measures'] as const) {
      assert.is((await log.db.selectFrom(table).selectAll().execute()).length, 2)
    }
  }, path)
  const {code, stderr} = await runs(['delete', 'first', '--yes'], {}, path)
  assert.is(code, 1)
  assert.match(stderr, '(names: second), got "first"')
})

/** Standard input of a terminal at which somebody types `answer`; empty: the end of the input. */
function typed(answer: string): PassThrough {
  const stdin = Object.assign(new PassThrough(), {isTTY: true})
  stdin.end(answer)
  return stdin
}

test('delete: asks at a terminal, and needs --yes elsewhere', async () => {
  const {path, first} = await someRuns()
  const count = async () => JSON.parse(await shown(['list', '--json'], {}, path)).length
  for (const answer of ['n\n', '\n', 'yesterday\n', '']) {
    const {code, stdout, stderr} = await runs(['delete', first], {stdin: typed(answer)}, path)
    assert.equal({code, stdout}, {code: 1, stdout: ''}, answer)
    assert.match(stderr, /first[\s\S]*Delete 1 run with all that was logged\? \[y\/N\] /)
    assert.match(stderr, 'linear-regions: nothing was deleted')
  }
  const nobody = await runs(['delete', first], {}, path)
  assert.is(nobody.code, 2)
  assert.match(nobody.stderr, 'yes: expected --yes where nobody can be asked, got nothing')
  assert.is(await count(), 2)
  const yes = await runs(['delete', first, '--json'], {stdin: typed('y\n')}, path)
  assert.is(yes.code, 0)
  assert.equal(JSON.parse(yes.stdout), [{id: first, name: 'first'}])
  assert.is(await count(), 1)
})

test('delete: an interruption deletes nothing', async () => {
  const {path, first} = await someRuns()
  const interruption = new AbortController()
  const stdin = Object.assign(new PassThrough(), {isTTY: true})
  const {signal} = interruption
  const stderr = capture()
  const asked = runs(['delete', first], {stdin, stderr: stderr.stream, signal}, path)
  await stderr.until('[y/N]')
  interruption.abort(new Error('interrupted'))
  assert.is((await asked).code, 1)
  assert.match(stderr.text(), 'linear-regions: interrupted\n')
  assert.is(JSON.parse(await shown(['list', '--json'], {}, path)).length, 2)
})

test('delete: a run that is alive is refused, and with it the others', async () => {
  const {path} = await someRuns()
  await withLog(async (log) => {
    const alive = await log.startRun(sampleRun({name: 'alive'}))
    await log.db.updateTable('runs').set({heartbeat_at: longAgo}).where('id', '=', alive).execute()
    assert.match((await runs(['list', 'alive'], {}, path)).stdout, 'running')
    const {code, stdout, stderr} = await runs(['delete', 'first', 'alive', '--yes'], {}, path)
    assert.equal({code, stdout}, {code: 1, stdout: ''})
    assert.match(
      stderr,
      /run: "alive" \(.*\) is still alive, its last sign came \d+ s ago from .*; finish it first/,
    )
    assert.is((await log.db.selectFrom('runs').selectAll().execute()).length, 3)
    await log.finishRun(alive, 'failed')
    assert.is((await runs(['delete', 'alive', '--yes'], {}, path)).code, 0)
  }, path)
})

test('delete: one that was cut off may go', async () => {
  const {path, first} = await someRuns()
  await withLog(async (log) => {
    await cutOff(log, first)
  }, path)
  assert.is((await runs(['delete', first, '--yes'], {}, path)).code, 0)
})

test('wrong use is one line that names what was wrong', async () => {
  await complaint(['dance'], 2, 'action: expected one of list, show, compare, delete, got "dance"')
  await complaint(['show'], 2, 'run: expected the name or id of a run to show, got nothing')
  await complaint(['delete', '--yes'], 2, 'run: expected the name or id of a run to delete')
  await complaint(['compare', ids.done], 2, 'run: expected at least two runs to compare, got one')
  await complaint(['list', '--yes'], 2, 'yes: expected it with runs delete, got it with runs list')
  await complaint(['show', 'nobody'], 1, 'run: expected a name or an id in ')
})

test('a head of an id that is not enough is refused', async () => {
  const path = temporaryPath()
  await withLog(async (log) => {
    for (const end of ['1', '2']) {
      const id = await log.startRun(sampleRun({name: `run ${end}`}))
      await log.finishRun(id, 'finished')
      const same = {id: `12345678-0000-4000-8000-00000000000${end}`}
      await log.db.deleteFrom('layers').execute()
      await log.db.deleteFrom('measures').execute()
      await log.db.updateTable('runs').set(same).where('id', '=', id).execute()
    }
  }, path)
  const {code, stderr} = await runs(['delete', '12345678', '--yes'], {}, path)
  assert.is(code, 1)
  assert.match(stderr, 'run: expected one run, got "12345678", with which 2 ids begin')
})

test.run()
