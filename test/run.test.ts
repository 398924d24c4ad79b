import {spawnSync} from 'node:child_process'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {runFile} from './support/run-file.js'

const folder = 'test/support/fixtures/runner'
const fixture = (name: string, limit = 100) => runFile(`${folder}/${name}.test.ts`, limit)

const files = suite('a file')

files('that passes', async () => {
  const result = await fixture('passes')
  assert.equal([result.passed, result.failed, result.skipped], [2, 0, 0])
  assert.is(result.problem, undefined)
})

files('that fails keeps its output', async () => {
  const result = await fixture('fails')
  assert.equal([result.passed, result.failed], [1, 1])
  assert.match(result.output, 'one and one')
})

files('that skips is counted', async () => {
  const result = await fixture('skips')
  assert.equal([result.passed, result.failed, result.skipped], [1, 0, 1])
})

const problems: [name: string, passed: number, failed: number, problem: RegExp][] = [
  ['forgets-to-run', 0, 1, /has no \.run\(\)/],
  ['forgets-one-suite', 0, 1, /has no products\.run\(\)/],
  ['has-no-test', 0, 1, /executed no test/],
  ['never-settles', 0, 1, /without a summary/],
  ['crashes', 0, 1, /without a summary/],
  ['fails-in-a-hook', 0, 2, /a hook .* threw/],
  ['fails-afterwards', 1, 1, /exit code 1 although its tests passed/],
]
for (const [name, passed, failed, problem] of problems) {
  files(`that ${name.replaceAll('-', ' ')} fails`, async () => {
    const result = await fixture(name)
    assert.equal([result.passed, result.failed], [passed, failed], result.output)
    assert.match(result.problem ?? '', problem)
  })
}

files('that hangs is killed and fails', async () => {
  const result = await fixture('hangs', 5)
  assert.is(result.failed, 1)
  assert.match(result.problem ?? '', /did not .*within 5 s/)
})

files('with an .only fails in CI', async () => {
  const before = process.env.CI
  process.env.CI = 'true'
  try {
    assert.match((await fixture('narrows')).problem ?? '', /\.only\(/)
  } finally {
    if (before === undefined) delete process.env.CI
    else process.env.CI = before
  }
})

files.run()

const command = suite('the command')

function run(...args: string[]) {
  const {status, stdout} = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'test/run.ts', '--folder', folder, ...args],
    {encoding: 'utf8'},
  )
  return {status, stdout, last: stdout.trimEnd().split('\n').at(-1)}
}

command('ends with the counts and exit code 0 where all passed', () => {
  const {status, stdout, last} = run('passes', 'skips')
  assert.is(status, 0, stdout)
  assert.is(last, '3 passed, 0 failed')
  assert.match(stdout, /^1 skipped$/m)
  assert.match(stdout, /^ {5}\*\*\* later: subtraction$/m)
  assert.match(
    stdout,
    /^ok {3}test\/support\/fixtures\/runner\/passes\.test\.ts {2}2\/2 {2}\d+\.\d s$/m,
  )
})

command('ends with the counts and exit code 1 where one failed, and shows its output', () => {
  const {status, stdout, last} = run('/passes', '/fails.test')
  assert.is(status, 1)
  assert.is(last, '3 passed, 1 failed')
  assert.match(stdout, 'one and one')
})

command('fails for a pattern that matches nothing, even beside one that does', () => {
  const {status, stdout, last} = run('passes', 'no-such-file')
  assert.is(status, 1)
  assert.is(last, '2 passed, 1 failed')
  assert.match(stdout, 'no test file has "no-such-file" in its path')
})

command('refuses a time limit that is none', () => {
  assert.is(run('--limit', 'soon', 'passes').status, 1)
})

command.run()
