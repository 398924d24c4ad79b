import {readFileSync} from 'node:fs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {temporaryPath} from '../../storage/sample.js'
import {runCaptured} from '../capture.js'
import {syntheticLog} from '../figures/synthetic-log.js'

const test = suite('--json of the commands that read a log')
let database = ''

test.before(async () => {
  const log = await syntheticLog({steps: [0, 1, 63], points: 6})
  database = log.path
  await log.close()
})

const lines = [
  ['runs', 'list'],
  ['runs', 'show', 'mlp-128x3'],
  ['runs', 'compare', 'mlp-128x3'],
  ['query', 'select step, median from distance_summary'],
  ['export', 'distances'],
  ['findings'],
  ['watch', '--once'],
]

const json = async (line: readonly string[]) => {
  const {code, stdout, stderr} = await runCaptured([...line, '--database', database])
  assert.equal([code, stderr], [0, ''], line.join(' '))
  return JSON.parse(stdout)
}

for (const line of lines) {
  test(`${line.slice(0, 2).join(' ')}: JSON on standard output and nothing else`, async () => {
    assert.ok(Object.keys(await json([...line, '--json'])).length > 0)
  })
}

for (const line of lines.filter(([name]) => ['query', 'export', 'findings'].includes(name!))) {
  test(`${line[0]}: short for --format json, and no other form beside it`, async () => {
    const whole = await json([...line, '--json'])
    assert.equal(await json([...line, '--format', 'json']), whole)
    assert.equal(await json([...line, '--format', 'json', '--json']), whole)
    const other = line[0] === 'findings' ? 'markdown' : 'csv'
    const {code, stdout, stderr} = await runCaptured([...line, '--json', '--format', other])
    assert.equal([code, stdout], [2, ''])
    assert.match(stderr, `json: expected no other form beside it, got --format ${other}`)
  })
}

test('report: what was written, and the questions behind it', async () => {
  const out = temporaryPath('report.html')
  const {file, runs, figures, notDrawn, findings} = await json(['report', '--out', out, '--json'])
  assert.is(file, out)
  const page = readFileSync(out, 'utf8')
  const expected = await json(['runs', 'list', '--json'])
  assert.equal(
    runs.map(({id}: {id: string}) => id),
    expected.map(({id}: {id: string}) => id),
  )
  assert.is(figures.length + notDrawn.length > 0, true)
  assert.is(figures.length, page.match(/<svg /g)!.length)
  for (const {sql} of figures) {
    for (const question of sql) await json(['query', question, '--json'])
  }
  assert.equal(findings.findings, (await json(['findings', '--json'])).findings)
})

test.run()
