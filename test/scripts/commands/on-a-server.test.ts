import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {relationNames} from '../../../scripts/relations.js'
import {openLog} from '../../../storage/log.js'
import {cutOff, sampleRun, sampleSnapshot, temporaryPath, withLog} from '../../storage/sample.js'
import {serverSuite, temporarySchema} from '../../support/databases.js'
import {temporaryFolder} from '../../support/folder.js'
import {runCaptured} from '../capture.js'
import {syntheticLog, syntheticRun} from '../figures/synthetic-log.js'

const test = serverSuite('commands on a log on PostgreSQL')

let file = ''
let server = ''
let ids: readonly string[] = []

test.before(async () => {
  const log = await syntheticLog({steps: [0, 1, 63], points: 9})
  await syntheticRun(log, {name: 'Änderung', steps: [0, 5], points: 9, status: 'failed'})
  await syntheticRun(log, {name: 'other', steps: [0, 5], points: 9})
  ids = (await log.db.selectFrom('runs').select('id').execute()).map(({id}) => id)
  file = log.path
  await log.close()
  server = await temporarySchema()
  const merged = await runCaptured(['merge', file, '--into', server])
  assert.is(merged.code, 0, merged.stderr)
  assert.is(merged.stdout, `${file}: 5 runs, 13 snapshots copied, 0 there already\n`)
})

/** The same command on both, which must say the same. */
async function onBoth(words: readonly string[], least = 1): Promise<string> {
  const said = []
  for (const place of [file, server]) {
    const {code, stdout, stderr} = await runCaptured([...words, '--database', place])
    assert.is(code, 0, stderr)
    said.push(`${stdout}${stderr}`.replaceAll(place, 'LOG'))
  }
  assert.is(said[1], said[0], words.join(' '))
  assert.ok(said[0]!.length >= least)
  return said[0]!
}

test('look at runs', async () => {
  await onBoth(['runs', 'list'], 300)
  await onBoth(['runs', 'list', '--json'], 300)
  await onBoth(['runs', 'show', 'Änderung'], 300)
  await onBoth(['runs', 'compare', ids[0]!, ids[1]!], 100)
})

for (const relation of relationNames) {
  test(`export ${relation}`, async () => {
    await onBoth(['export', relation, '--format', 'csv'], 20)
  })
}

test('find, plot and watch', async () => {
  await onBoth(['findings'], 100)
  await onBoth(['watch', '--once', '--json'], 20)
  const folders = []
  for (const place of [file, server]) {
    const out = temporaryFolder()
    const words = ['plot', '--figure', 'all', '--format', 'svg', '--out', out]
    const {code, stderr} = await runCaptured([...words, '--database', place])
    assert.is(code, 0, stderr)
    folders.push(out)
  }
  const [one, other] = folders as [string, string]
  assert.equal(readdirSync(other), readdirSync(one))
  // the rows of a figure's data come in any order
  const lines = (folder: string, name: string) =>
    readFileSync(join(folder, name), 'utf8').replaceAll(/,$/gm, '').split('\n').sort().join('\n')
  for (const name of readdirSync(one)) assert.ok(lines(other, name) === lines(one, name), name)
})

test('report', async () => {
  const out = join(temporaryFolder(), 'report.html')
  const {code, stderr} = await runCaptured(['report', '--out', out, '--database', server])
  assert.is(code, 0, stderr)
  assert.match(readFileSync(out, 'utf8'), /<svg[\s\S]*from summaries/)
})

test('query, as a table, csv and json', async () => {
  for (const format of ['table', 'csv', 'json']) {
    await onBoth(['query', 'select name, seed, status from runs order by 1, 2', '--format', format])
    await onBoth([
      'query',
      'select step, count(*) as n, max(epoch) as latest from timeline group by step order by step',
      '--format',
      format,
    ])
    await onBoth([
      'query',
      'select distance from distances where distance > 1e300',
      '--format',
      format,
    ])
    await onBoth([
      'query',
      'select r.name, s.step, r.name from runs r join snapshots s on run_id = r.id order by 1, 2',
      '--format',
      format,
    ])
    await onBoth(['query', 'select name from runs where seed < 0', '--format', format])
    await onBoth([
      'query',
      "select status = 'failed' as a, null as b, '' as c from runs order by 1",
      '--format',
      format,
    ])
  }
  const cast = [
    'query',
    'select round(avg(median)::numeric, 3) as m from distance_summary',
    '--database',
    server,
  ]
  assert.match((await runCaptured(cast)).stdout, /│ +m │/)
})

test('query refuses to write, and several statements, however they are hidden', async () => {
  const runs = async () => {
    const log = await openLog(server, {readonly: true})
    const rows = await log.db.selectFrom('runs').select('id').execute()
    await log.close()
    return rows.length
  }
  const statements = [
    'delete from runs',
    'select 1; delete from runs',
    'with gone as (delete from runs returning id) select * from gone',
    'select `; commit; delete from runs; select `',
    'select [1]; commit; delete from runs; select [1]',
    'select 1 as [a; commit; delete from runs; select 1 as b]',
    "select 'a\\'; commit; delete from runs; --'",
    "select E'\\'; commit; delete from runs; --'",
    'select $$; commit; delete from runs; --$$',
    'select 1) as x limit 0; commit; delete from runs; --',
    'select * into copied from runs',
    'select * from runs for update',
    'explain analyze delete from runs',
    "select set_config('transaction_read_only', 'off', false)",
    'pragma table_info(runs)',
    'create temp table t (a int)',
  ]
  for (const sql of statements) {
    const {code, stdout, stderr} = await runCaptured(['query', sql, '--database', server])
    const isHarmless = code === 0
    if (!isHarmless) {
      assert.is(code, 2, `${sql}: ${stderr}`)
      assert.is(stdout, '')
      assert.match(stderr, /^linear-regions: sql: [^\n]+\nsee linear-regions query --help\n$/)
    }
    assert.is(await runs(), 5, sql)
  }
})

test('delete runs', async () => {
  const copy = await temporarySchema()
  await runCaptured(['merge', server, '--into', copy, '--run', 'other'])
  const list = async () =>
    JSON.parse((await runCaptured(['runs', 'list', '--json', '--database', copy])).stdout)
  assert.is((await list()).length, 1)
  const {code, stderr} = await runCaptured(['runs', 'delete', 'other', '--yes', '--database', copy])
  assert.is(code, 0, stderr)
  assert.equal(await list(), [])
})

test('merge again: nothing is doubled, either way round', async () => {
  for (const [from, to] of [
    [file, server],
    [server, file],
    [server, temporaryPath()],
  ] as const) {
    await runCaptured(['merge', from, '--into', to])
    const again = await runCaptured(['merge', from, '--into', to])
    assert.match(again.stdout, ': 5 runs, 0 snapshots copied, 13 there already\n')
    const rows = (place: string) =>
      runCaptured([
        'query',
        'select count(*) as n from bounds',
        '--format',
        'csv',
        '--database',
        place,
      ])
    assert.is((await rows(to)).stdout, (await rows(from)).stdout)
  }
})

test('merge of a run that went on takes what is new, and leaves what was given up', async () => {
  const [first, second] = [temporaryPath(), await temporarySchema()]
  const runId = await withLog(async (log) => {
    const id = await log.startRun(sampleRun())
    for (const step of [0, 10, 20]) await log.writeSnapshot(id, sampleSnapshot(step))
    await cutOff(log, id)
    return id
  }, first)
  await runCaptured(['merge', first, '--into', second])
  // resumed on the server from step 10, and gone on from there
  await withLog(async (log) => {
    await log.resumeRun({...sampleRun(), must: true, step: 10})
    await log.writeSnapshot(runId, sampleSnapshot(15))
    await log.finishRun(runId, 'finished')
  }, second)
  const again = await runCaptured(['merge', first, '--into', second])
  assert.match(again.stdout, '1 run, 0 snapshots copied, 3 there already')
  const back = await runCaptured(['merge', second, '--into', first])
  assert.match(back.stdout, '1 run, 1 snapshot copied, 2 there already')
  for (const place of [first, second]) {
    const sql = 'select step, run_status from timeline order by step'
    const {stdout} = await runCaptured(['query', sql, '--format', 'csv', '--database', place])
    assert.is(stdout, 'step,run_status\n0,finished\n10,finished\n15,finished\n')
  }
})

test('say in one line what is wrong with an address, and never a password', async () => {
  for (const words of [
    ['query', 'select 1', '--database', 'postgres://anna:hunter2@h/db'],
    ['runs', 'list', '--database', 'postgres://anna:hunter2@h/db'],
    ['merge', file, '--into', 'postgres://anna:hunter2@h/db'],
    ['merge', 'postgres://anna:hunter2@h/db', '--into', temporaryPath()],
    ['export', 'runs', '--database', 'postgres://anna@h/db?password=hunter2'],
  ]) {
    const {code, stderr} = await runCaptured(words)
    assert.is(code, 1)
    assert.match(
      stderr,
      /^linear-regions: database: expected an address without a password[^\n]*\n$/,
    )
    assert.not.match(stderr, 'hunter2')
  }
})

test.run()
