import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {openLog} from '../../../storage/log.js'
import {temporaryFolder} from '../../support/folder.js'
import {runCaptured} from '../capture.js'
import {emptyLog, syntheticLog, syntheticRun} from '../figures/synthetic-log.js'

const test = suite('plot')
const folder = temporaryFolder()
let outs = 0
let database = ''

test.before(async () => {
  const log = await syntheticLog({steps: [0, 1, 63], points: 5})
  database = log.path
  await log.close()
})

async function plot(...words: readonly string[]) {
  const out = join(folder, `${outs++}`)
  const argv = ['plot', '--database', database, '--out', out, ...words]
  return {out, ...(await runCaptured(argv))}
}

test('writes every format asked for and the spec, and names the files', async () => {
  const words = ['--figure', 'distance-over-training', '--format', 'svg,png,pdf']
  const {out, code, stdout, stderr} = await plot(...words)
  assert.is(stderr, '')
  assert.is(code, 0)
  const files = ['svg', 'png', 'pdf', 'vl.json'].map((end) => `distance-over-training.${end}`)
  assert.equal(readdirSync(out).sort(), [...files].sort())
  assert.equal(
    stdout.trim().split('\n'),
    files.map((file) => join(out, file)),
  )
  const again = await plot(...words)
  for (const file of files) {
    assert.ok(readFileSync(join(out, file)).equals(readFileSync(join(again.out, file))), file)
  }
})

test('all figures, as svg and png where no format is asked for', async () => {
  const {out, code} = await plot('--figure', 'all')
  assert.is(code, 0)
  // eight figures, each as svg, png and spec
  assert.is(readdirSync(out).length, 24)
})

test('all passes over what was not measured, and says so', async () => {
  const log = await emptyLog()
  await syntheticRun(log, {steps: [0], points: 3})
  await log.close()
  const out = join(folder, 'partial')
  const argv = ['plot', '--database', log.path, '--out', out, '--format', 'svg', '--figure']
  const all = await runCaptured([...argv, 'all'])
  assert.is(all.code, 0)
  assert.match(all.stderr, 'figure: training needs a loss or metrics')
  assert.is(readdirSync(out).length, 14)
  const one = await runCaptured([...argv, 'training'])
  assert.is(one.code, 1)
})

test('all passes over what has no place on an axis, such as distances that are all infinite', async () => {
  const log = await emptyLog()
  await syntheticRun(log, {steps: [0, 63], points: 3, infinite: () => 1, bound: () => 0})
  await log.close()
  const out = join(folder, 'infinite')
  const argv = ['plot', '--database', log.path, '--out', out, '--format', 'svg', '--figure']
  const all = await runCaptured([...argv, 'all'])
  assert.is(all.code, 0, all.stderr)
  assert.match(all.stderr, 'figure: no number of "Distance to the nearest region boundary')
  assert.match(all.stdout, 'bound-over-training.svg')
  assert.match(all.stdout, 'training.svg')
  assert.is((await runCaptured([...argv, 'distance-over-training'])).code, 1)
})

test('options reach the figure', async () => {
  const {out, code} = await plot(
    ...['--figure', 'bound-over-training', '--format', 'svg', '--method', 'spectral'],
    ...['--radius', 'median-pair*0.01', '--group', 'uniform', '--run', 'mlp-128x3'],
  )
  assert.is(code, 0)
  const svg = readFileSync(join(out, 'bound-over-training.svg'), 'utf8')
  assert.match(svg, 'spectral')
  assert.not.match(svg, 'train points')
})

test('--list names the figures and opens no log', async () => {
  const {code, stdout} = await runCaptured(['plot', '--list', '--database', 'nowhere.db'])
  assert.is(code, 0)
  assert.match(stdout, 'distance-over-training')
  assert.match(stdout, 'bound-over-training')
})

test('wrong use is one line that says what there is', async () => {
  const none = await plot()
  assert.is(none.code, 2)
  assert.match(none.stderr, 'figure: expected one of distance-over-training')
  const unknown = await plot('--figure', 'distances')
  assert.is(unknown.code, 2)
  assert.match(unknown.stderr, 'distance-over-training')
  const format = await plot('--figure', 'training', '--format', 'gif')
  assert.is(format.code, 2)
  assert.match(format.stderr, 'svg, png, pdf')
  const run = await plot('--figure', 'training', '--run', 'cnn')
  assert.is(run.code, 1)
  assert.match(run.stderr, '(names: mlp-128x3), got "cnn"')
  assert.is(run.stderr.trim().split('\n').length, 1)
})

test('a folder that cannot be made is wrong use', async () => {
  const argv = ['plot', '--database', database, '--figure', 'all', '--out', database]
  const {code, stderr} = await runCaptured(argv)
  assert.is(code, 2)
  assert.match(stderr, /out: expected a folder that can be written to, got ".*" \(a file of that/)
})

test('all figures of a log that fills none is an error', async () => {
  const path = join(folder, 'empty-run.db')
  const log = await openLog(path)
  await syntheticRun(log, {steps: []})
  await log.close()
  const out = join(folder, 'none')
  const argv = ['plot', '--database', path, '--figure', 'all', '--out', out]
  const {code, stdout, stderr} = await runCaptured(argv)
  assert.is(code, 1)
  assert.is(stdout, '')
  assert.match(stderr, 'linear-regions: figure: none of them could be drawn')
})

test('a log that is not there is not made', async () => {
  const path = join(folder, 'nowhere.db')
  const {code, stderr} = await runCaptured(['plot', '--database', path, '--figure', 'all'])
  assert.is(code, 1)
  assert.match(stderr, 'nowhere.db')
  assert.not(readdirSync(folder).includes('nowhere.db'))
})

test.run()
