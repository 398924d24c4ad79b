import {readdirSync, readFileSync} from 'node:fs'
import {dirname} from 'node:path'
import {sql} from 'kysely'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {read} from 'vega'
import {relationNames, relations} from '../../../scripts/relations.js'
import {openLog} from '../../../storage/log.js'
import {sampleRun, sampleSnapshot, temporaryPath, withLog} from '../../storage/sample.js'
import {runCaptured} from '../capture.js'

const test = suite('export')
const database = temporaryPath()
let ids: readonly string[] = []

test.before(() =>
  withLog(async (log) => {
    const first = await log.startRun(sampleRun({name: 'first', config: {note: 'a, "b"\nc'}}))
    const second = await log.startRun(sampleRun({name: 'second'}))
    // so that neither run nor step goes with the number of the snapshot
    for (const step of [7, 0]) {
      await log.writeSnapshot(second, sampleSnapshot(step))
      await log.writeSnapshot(first, sampleSnapshot(step))
    }
    ids = [first, second]
  }, database),
)

const exported = async (...words: readonly string[]) => {
  const {code, stdout, stderr} = await runCaptured(['export', ...words, '--database', database])
  assert.is(stderr, '')
  assert.is(code, 0)
  return stdout
}

test('knows every table and view of a log, and its columns', async () => {
  const log = await openLog(database, {readonly: true})
  const tables = await log.db.introspection.getTables()
  assert.equal(tables.map(({name}) => name).sort(), [...relationNames].sort())
  for (const [name, {owner, order}] of Object.entries(relations)) {
    const columns = tables.find((table) => table.name === name)!.columns.map((one) => one.name)
    for (const column of [owner, ...order]) assert.ok(columns.includes(column), `${name}.${column}`)
  }
  await log.close()
})

for (const name of relationNames) {
  test(`${name}: every row once, in both forms`, async () => {
    const log = await openLog(database, {readonly: true})
    const {rows} = await sql.raw<Record<string, unknown>>(`select * from ${name}`).execute(log.db)
    await log.close()
    const json: Record<string, unknown>[] = JSON.parse(await exported(name, '--format', 'json'))
    const text = (row: Record<string, unknown>) =>
      JSON.stringify(row, (_key, value) => (value === Infinity ? 'Infinity' : value))
    assert.equal(json.map(text).sort(), rows.map(text).sort())
    const csv = read(await exported(name), {
      type: 'csv',
      parse: false,
    } as never) as unknown as Record<string, unknown>[]
    assert.equal(
      csv.map((row) => ({...row})),
      json.map((row) =>
        Object.fromEntries(Object.entries(row).map(([key, value]) => [key, `${value ?? ''}`])),
      ),
    )
  })
}

test('orders the rows by run, step and key', async () => {
  const timeline: {run: string; step: number}[] = JSON.parse(
    await exported('timeline', '--format', 'json'),
  )
  const order = ['first 0', 'first 7', 'second 0', 'second 7']
  assert.equal(
    timeline.map(({run, step}) => `${run} ${step}`),
    order,
  )
  const points = await exported('points')
  const snapshots = points
    .split('\n')
    .slice(1, -1)
    .map((line) => line.split(',').slice(0, 2))
  assert.equal(
    snapshots.map(([, point]) => Number(point)),
    Array.from({length: 80}, (_, index) => index % 20),
  )
  assert.equal([...new Set(snapshots.map(([id]) => id))], ['4', '2', '3', '1'])
})

test('takes the rows of some runs', async () => {
  for (const word of ['second', ids[1]!, ids[1]!.slice(0, 8)]) {
    const rows = JSON.parse(await exported('distances', '--run', word, '--format', 'json'))
    assert.is(rows.length, 80)
    assert.equal([...new Set(rows.map((row: {snapshot_id: number}) => row.snapshot_id))], [3, 1])
  }
  assert.is(JSON.parse(await exported('runs', '--run', 'first', '--format', 'json')).length, 1)
})

test('writes a file, and says so', async () => {
  const out = temporaryPath('bounds.csv')
  const argv = ['export', 'bounds', '--database', database, '--out', out]
  const {code, stdout, stderr} = await runCaptured(argv)
  assert.is(code, 0)
  assert.is(stdout, '')
  assert.is(stderr, `bounds written to ${out}\n`)
  assert.is(readFileSync(out, 'utf8'), await exported('bounds'))
  assert.equal(readdirSync(dirname(out)), ['bounds.csv'])
})

test('an empty table has a head, or is an empty array', async () => {
  const path = temporaryPath()
  await withLog(async () => undefined, path)
  const empty = (format: string) =>
    runCaptured(['export', 'layers', '--database', path, '--format', format])
  assert.is((await empty('csv')).stdout, 'run_id,layer,name,class,units,kinks\n')
  assert.is((await empty('json')).stdout, '[]\n')
})

test('reads each table by an index', async () => {
  const log = await openLog(database, {readonly: true})
  for (const [name, {of, owner, order}] of Object.entries(relations)) {
    if (of !== 'snapshot') continue
    const text = `explain query plan select * from ${name} where ${owner} = 1 order by ${order}`
    const {rows} = await sql.raw<{detail: string}>(text).execute(log.db)
    const plan = rows.map(({detail}) => detail).join('; ')
    assert.not.match(plan, /SCAN/, `${name}: ${plan}`)
  }
  await log.close()
})

test('wrong use is one line that says what there is', async () => {
  const complaint = async (words: readonly string[], code: number, message: string) => {
    const got = await runCaptured(['export', ...words, '--database', database])
    assert.is(got.code, code)
    assert.is(got.stdout, '')
    assert.match(got.stderr.split('\n')[0]!, message)
  }
  await complaint([], 2, 'table: expected one of runs, layers')
  await complaint(['users'], 2, 'table: expected one of runs, layers')
  await complaint(['runs', '--format', 'xml'], 2, 'format: expected one of csv, json, got "xml"')
  await complaint(['meta', '--run', 'first'], 2, 'run: expected none for meta')
  await complaint(['runs', '--out', database], 2, 'belongs to the log that is read')
  await complaint(['runs', '--run', 'third'], 1, '(names: first, second), got "third"')
})

test.run()
