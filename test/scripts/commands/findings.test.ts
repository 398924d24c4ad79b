import stringWidth from 'string-width'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {findingsMarkdown, findingsOf} from '../../../scripts/findings/index.js'
import {openLog} from '../../../storage/log.js'
import {runCaptured} from '../capture.js'
import {syntheticLog} from '../figures/synthetic-log.js'

const test = suite('findings')
let database = ''

test.before(async () => {
  const log = await syntheticLog({steps: [0, 1, 63], points: 9})
  database = log.path
  await log.close()
})

const findings = (words: readonly string[], columns?: number) =>
  runCaptured(['findings', '--database', database, ...words], columns ? {columns} : {})

test('as a row for each network, which fits the terminal', async () => {
  const {code, stdout, stderr} = await findings([])
  assert.is(stderr, '')
  assert.is(code, 0)
  assert.match(stdout, /│ mlp-128x3 │ ×[\d.]+ {2,}│ ×/)
  assert.match(stdout, /│ mlp-128x3 │ median-pair\*0.01 {2}│ [+-][\d.]+ to [+-][\d.]+ [+.-]{3} │/)
  for (const columns of [70, 80, 120]) {
    const {stdout: narrow} = await findings([], columns)
    const lines = narrow.split('\n').filter((line) => !line.includes('columns are not enough'))
    assert.ok(lines.every((line) => stringWidth(line) <= columns))
  }
})

test('as a table that fits the terminal, with every row', async () => {
  const {code, stdout, stderr} = await findings(['--format', 'rows'])
  assert.is(stderr, '')
  assert.is(code, 0)
  assert.match(stdout, /A {2}mlp-128x3: median l2 distance/)
  assert.match(stdout, /reproduced|undecided/)
  for (const columns of [70, 80, 120]) {
    const narrow = await findings(['--format', 'rows'], columns)
    const lines = narrow.stdout.split('\n')
    assert.ok(lines.every((line) => stringWidth(line) <= columns))
    assert.is(narrow.stdout.match(/×[\d.]+/g)!.length, stdout.match(/×[\d.]+/g)!.length)
  }
})

test('as Markdown and as JSON', async () => {
  const log = await openLog(database, {readonly: true})
  const found = await findingsOf(log, {method: 'spectral'})
  await log.close()
  const method = ['--method', 'spectral', '--format']
  assert.is((await findings([...method, 'markdown'])).stdout, findingsMarkdown(found))
  const json = JSON.parse((await findings([...method, 'json'])).stdout)
  assert.equal(json, JSON.parse(JSON.stringify(found)))
  assert.is(json.findings[0].finding, 'A')
})

test('what the log does not hold is named', async () => {
  const {code, stderr} = await findings(['--method', 'crown'])
  assert.is(code, 1)
  assert.match(stderr, 'method: expected one of combined, spectral')
})

test.run()
