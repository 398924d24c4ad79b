import {readdirSync, readFileSync, statSync} from 'node:fs'
import {dirname} from 'node:path'
import {Readable, Writable} from 'node:stream'
import stringWidth from 'string-width'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {read} from 'vega'
import {run} from '../../../scripts/cli.js'
import {openLog} from '../../../storage/log.js'
import {sampleRun, sampleSnapshot, temporaryPath, withLog} from '../../storage/sample.js'
import {capture, runCaptured} from '../capture.js'

const test = suite('query')
const database = temporaryPath()

test.before(() =>
  withLog(async (log) => {
    const id = await log.startRun(sampleRun({name: 'a "b", c\n\u001b[2Jd'}))
    const inputs = sampleSnapshot(0).points.map((point) => ({
      ...point,
      input: Float32Array.of(1, 2),
    }))
    await log.writeSnapshot(id, sampleSnapshot(0, {points: inputs}))
    await log.writeSnapshot(id, sampleSnapshot(1))
    await log.finishRun(id, 'finished')
  }, database),
)

const query = (sql: string, words: readonly string[] = [], more = {}) =>
  runCaptured(['query', sql, '--database', database, ...words], more)

const answer = async (...parameters: Parameters<typeof query>) => {
  const {code, stdout, stderr} = await query(...parameters)
  assert.is(stderr, '')
  assert.is(code, 0)
  return stdout
}

test('answers with a table', async () => {
  assert.is(
    await answer('select step, status, loss from snapshots order by step desc;'),
    [
      '┌──────┬──────────┬──────┐',
      '│ step │ status   │ loss │',
      '├──────┼──────────┼──────┤',
      '│    1 │ complete │ 0.25 │',
      '│    0 │ complete │ 0.25 │',
      '└──────┴──────────┴──────┘',
      '2 rows',
      '',
    ].join('\n'),
  )
  assert.match(await answer('select step from snapshots where step > 5'), /│ step │[\s\S]*\n0 rows/)
})

test('shows infinity by its name, counts bytes, and leaves null empty', async () => {
  const sql = 'select 9e999 as a, -9e999 as b, null as c, input from points where slot = 0 limit 1'
  assert.match(await answer(sql), '│ Infinity │ -Infinity │ ')
  assert.match(await answer(sql), '│   │ 8 bytes │')
  assert.is(
    await answer(sql, ['--format', 'csv']),
    'a,b,c,input\nInfinity,-Infinity,,AACAPwAAAEA=\n',
  )
  assert.equal(JSON.parse(await answer(sql, ['--format', 'json'])), [
    {a: 'Infinity', b: '-Infinity', c: null, input: 'AACAPwAAAEA='},
  ])
})

test('tells null from an empty text', async () => {
  const sql = "select null as a, '' as b, 0 as c, ' ' as d"
  assert.is(await answer(sql, ['--format', 'csv']), 'a,b,c,d\n,"",0, \n')
})

test('gives csv and json that others read as what is logged', async () => {
  const log = await openLog(database, {readonly: true})
  const distances = await log.db.selectFrom('distances').selectAll().execute()
  const [logged] = await log.db.selectFrom('runs').selectAll().execute()
  await log.close()
  const csv = read(await answer('select * from distances', ['--format', 'csv']), {
    type: 'csv',
    parse: {distance: 'number', point: 'number'},
  } as never) as unknown as Record<string, unknown>[]
  assert.is(csv.length, distances.length)
  csv.forEach(({point, distance, layer}, index) => {
    assert.is(point, distances[index]!.point)
    assert.is(distance, distances[index]!.distance)
    assert.is(layer, String(distances[index]!.layer ?? ''))
  })
  const runs = read(await answer('select * from runs', ['--format', 'csv']), {
    type: 'csv',
    parse: false,
  } as never) as unknown as Record<string, unknown>[]
  assert.is(runs[0]!.name, 'a "b", c\n\u001b[2Jd')
  assert.is(runs[0]!.model, logged!.model)
  const json = JSON.parse(await answer('select * from runs', ['--format', 'json']))
  assert.equal(json, [{...logged}])
})

test('names the columns where there are no rows, and tells two of one name apart', async () => {
  const none = 'select run_id, step from snapshots where step < 0'
  assert.is(await answer(none, ['--format', 'csv']), 'run_id,step\n')
  assert.is(await answer(none, ['--format', 'json']), '[]\n')
  const joined = 'select s.step, t.step, s.id from snapshots s, snapshots t order by 1 desc, 2, 3'
  assert.is(
    await answer(joined, ['--format', 'csv']),
    'step,step:1,id\n1,0,2\n1,1,2\n0,0,1\n0,1,1\n',
  )
  assert.match(await answer('pragma table_info(meta)'), '│ key ')
  assert.is(await answer('pragma table_info(nowhere)'), '0 rows\n')
  assert.match(await answer('explain query plan select * from runs'), 'SCAN runs')
})

test('takes the question from standard input', async () => {
  const stdin = Readable.from(['select count(*) as n\n', 'from snapshots -- all'])
  assert.is(await answer('-', ['--format', 'csv'], {stdin}), 'n\n2\n')
})

test('shows so many rows of a table, and says that there are more', async () => {
  const shown = await answer('select point from distances', ['--rows', '3'])
  assert.is(shown.match(/│ +\d+ │/g)?.length, 3)
  assert.match(shown, '\nthe first 3 rows: --rows shows more, --format csv all\n')
  assert.match(await answer('select step from snapshots', ['--rows', '2']), '\n2 rows\n')
})

test('fits the terminal, and writes no control characters to anything', async () => {
  const columns = 60
  const shown = await answer('select * from runs', [], {columns})
  const drawn = shown.split('\n').filter((line) => /[│─]/.test(line))
  assert.ok(drawn.every((line) => stringWidth(line) <= columns))
  assert.match(shown, 'left out: ')
  for (const text of [shown, await answer('select * from runs')]) {
    assert.not.match(text, /\p{Cc}(?<!\n)/u)
  }
  assert.match(await answer('select name from runs'), 'a "b", c␊␛[2Jd')
})

test('never writes', async () => {
  const before = readFileSync(database)
  const beside = readdirSync(dirname(database))
  const statements = [
    "vacuum into 'copy.db'",
    "attach 'other.db' as other",
    'delete from runs',
    'drop table runs',
    'pragma user_version = 7',
    'pragma journal_mode = delete',
    'with old as (select 1) delete from runs',
    'delete from runs returning id',
    'select 1; delete from runs',
    'create temp table t (a)',
    "select load_extension('/lib/x.so')",
  ]
  for (const sql of statements) {
    const {code, stdout, stderr} = await query(sql)
    assert.is(code, 2, sql)
    assert.is(stdout, '')
    assert.match(stderr, /^linear-regions: sql: [^\n]+\nsee linear-regions query --help\n$/)
  }
  assert.equal(readFileSync(database), before)
  assert.equal(readdirSync(dirname(database)), beside)
  assert.not.ok(readdirSync('.').some((file) => /^(copy|other)\.db/.test(file)))
})

test('names what SQLite does not understand', async () => {
  const complaints: readonly (readonly [string, string])[] = [
    ['select * from nowhere', 'sql: no such table: nowhere'],
    ['select colour from runs', 'sql: no such column: colour'],
    ['select * form runs', 'sql: near "form": syntax error'],
    ['select count(', 'sql: incomplete input'],
    ["select 'unended", 'sql: unrecognized token'],
    ["select json('{')", 'sql: malformed JSON'],
    ['pragma table_info(runs', 'sql: incomplete input'],
    ['', 'sql: expected a text, got nothing'],
  ]
  for (const [sql, message] of complaints) {
    const {code, stderr} = await query(sql, ['--format', 'csv'])
    assert.is(code, 2, sql)
    assert.match(stderr.split('\n')[0]!, message)
  }
  const late = "select iif(point = 9, json('{'), point) as a from points"
  assert.is((await query(late)).code, 2)
})

test('a log that is not there is not made, and is no fault of the question', async () => {
  const path = temporaryPath()
  const {code, stderr} = await runCaptured(['query', 'select 1', '--database', path])
  assert.is(code, 1)
  assert.match(stderr, /there is no file/)
  assert.equal(readdirSync(dirname(path)), [])
})

test('writes no faster than it is read, and stops when interrupted', async () => {
  const interruption = new AbortController()
  const endless = 'with recursive n(i) as (select 1 union all select i + 1 from n) select * from n'
  let written = 0
  const slow = new Writable({
    highWaterMark: 1,
    write(chunk, _encoding, done) {
      written += chunk.length
      if (written > 200_000) interruption.abort(new Error('interrupted'))
      setImmediate(done)
    },
  })
  const {stream: stderr, text} = capture()
  const argv = ['query', endless, '--database', database, '--format', 'csv']
  assert.is(await run(argv, {stdout: slow, stderr, signal: interruption.signal}), 1)
  assert.match(text(), /^linear-regions: .*interrupted/)
  assert.ok(written < 400_000)
})

test('reads beside a training that writes', () => {
  const path = temporaryPath()
  return withLog(async (log) => {
    const id = await log.startRun(sampleRun())
    await log.writeSnapshot(id, sampleSnapshot(0))
    const sql = 'select count(*) as n from snapshots'
    const argv = ['query', sql, '--database', path, '--format', 'csv']
    assert.is((await runCaptured(argv)).stdout, 'n\n1\n')
    await log.writeSnapshot(id, sampleSnapshot(1))
    assert.is((await runCaptured(argv)).stdout, 'n\n2\n')
    assert.ok(statSync(path).size > 0)
  }, path)
})

test.run()
