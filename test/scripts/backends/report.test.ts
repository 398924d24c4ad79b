import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import type {Backend} from '../../../scripts/backends/backend.js'
import type {inChild} from '../../../scripts/backends/in-child.js'
import {reportBackends} from '../../../scripts/backends/report.js'
import {reportText} from '../../../scripts/backends/report-text.js'
import type {Proved} from '../../../scripts/backends/tasks.js'

const test = suite('report of the backends')

const good: Proved = {
  version: '4.22.0',
  library: 'TensorFlow 9.9',
  device: 'a processor',
  gpu: false,
  matMul: {size: 1024, gflops: 123.456},
  roundoff: 2 ** -24,
  distanceError: 1.23e-6,
  boundError: 4.56e-7,
}

const answers: Record<string, Partial<Proved> | string> = {
  broken: 'its self-test failed: a ReLU gave 1 instead of 0',
  soft: {imitated: true, device: 'SoftGPU'},
  'tfjs-node-gpu': {roundoff: 2 ** -11},
  wasm: {library: null, matMul: {size: 1024, gflops: 20}},
}

const backend = (name: string, missing?: string): Backend => ({
  name,
  package: `package-of-${name}`,
  registeredAs: name,
  load: () => assert.unreachable('never in this process') as never,
  missing: () => missing,
})
const names = ['broken', 'soft', 'tfjs-node-gpu', 'wasm']
const candidates = [backend('absent', 'it is not installed'), ...names.map((name) => backend(name))]

const measure = (async ({name}: Backend, task: string) => {
  assert.is(task, 'measure')
  const answer = answers[name]!
  return typeof answer === 'string' ? {why: answer} : {result: {...good, ...answer}}
}) as typeof inChild

test('each has a state, what was measured of it, and why it is not taken', async () => {
  const tried: string[] = []
  const reports = await reportBackends({
    candidates,
    measure,
    onBackend: (name) => tried.push(name),
  })
  assert.equal(tried, names)
  assert.equal(
    reports.map(({name, state}) => [name, state]),
    [
      ['absent', 'missing'],
      ['broken', 'refused'],
      ['soft', 'usable'],
      ['tfjs-node-gpu', 'chosen'],
      ['wasm', 'works'],
    ],
  )
  const [absent, broken, soft, native, wasm] = reports
  assert.is(absent!.why, 'it is not installed')
  assert.is(broken!.why, answers.broken)
  assert.match(soft!.why!, /^SoftGPU imitates a GPU on the processor/)
  assert.is(native!.why, null)
  assert.is(native!.distanceError, good.distanceError)
  // Both are said loudly: no GPU in the package for GPUs, and products in TF32.
  assert.is(native!.warnings.length, 2)
  assert.match(native!.warnings[0]!, /^tfjs-node-gpu computes on the CPU/)
  assert.match(native!.warnings[1]!, /2\^-11, not to float32's 2\^-24/)
  assert.equal(wasm!.warnings, [])
})

test('the table has the numbers, and a line for each reason', async () => {
  const text = reportText(await reportBackends({candidates, measure}))
  const line = (name: string) => text.split('\n').find((each) => each.includes(` ${name} `))!
  assert.match(line('wasm'), /works +│ 4\.22\.0 .*│ +20 │ 1\.2e-6 +│ 4\.6e-7 +│ 2\^-24/)
  assert.match(line('tfjs-node-gpu'), /chosen .*TensorFlow 9\.9 .*a processor.* 123 .*2\^-11/)
  assert.match(text, /\nabsent: it is not installed\n/)
  assert.match(text, /\nbroken: its self-test failed/)
})

test('an interruption is heard between two backends', async () => {
  const interruption = new AbortController()
  const tried: string[] = []
  const reporting = reportBackends({
    candidates,
    measure,
    signal: interruption.signal,
    onBackend: (name) => {
      tried.push(name)
      interruption.abort(new Error('interrupted'))
    },
  })
  const error = await reporting.then(
    () => assert.unreachable(),
    (reason: Error) => reason,
  )
  assert.is(error?.message, 'interrupted')
  assert.equal(tried, ['broken'])
})

test.run()
