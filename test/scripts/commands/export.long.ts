import {execFile} from 'node:child_process'
import {createReadStream} from 'node:fs'
import {createInterface} from 'node:readline'
import {promisify} from 'node:util'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {sampleRun, sampleSnapshot, temporaryPath, withLog} from '../../storage/sample.js'

const test = suite('exports of many rows')

const execute = promisify(execFile)
const snapshots = 60
const size = {points: 512, layers: 4, rules: ['0.1', '0.2', '0.3', '0.4']}
const database = temporaryPath()
const expected = snapshots * 512 * 4 * 2 * 4

test.before(() =>
  withLog(async (log) => {
    const id = await log.startRun(sampleRun())
    for (let step = 0; step < snapshots; step++) {
      await log.writeSnapshot(id, sampleSnapshot(step, {}, size))
    }
    await log.finishRun(id, 'finished')
  }, database),
)

async function linesIn(path: string): Promise<number> {
  let lines = 0
  for await (const _ of createInterface({input: createReadStream(path)})) lines++
  return lines
}

// as objects the rows would take several times as much
const node = [process.execPath, '--max-old-space-size=100', '--import', 'tsx', 'scripts/bin.ts']

test('export needs little memory', async () => {
  const out = temporaryPath('layer_bounds.csv')
  const [program, ...words] = [...node, 'export', 'layer_bounds']
  await execute(program!, [...words, '--database', database, '--out', out])
  assert.is(await linesIn(out), expected + 1)
})

test('query needs little memory', async () => {
  const out = temporaryPath('layer_bounds.json')
  const [program, ...words] = [...node, 'query', 'select * from layer_bounds']
  const line = [program!, ...words, '--database', database, '--format', 'json']
  await execute('bash', ['-c', '"$@" > "$0"', out, ...line])
  assert.is(await linesIn(out), expected + 2)
})

test.run()
