import {execFileSync} from 'node:child_process'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {commands} from '../../../scripts/commands/index.js'
import {runCaptured} from '../capture.js'

const test = suite('completion')

test('prints a script that bash understands and that asks this program', async () => {
  const {code, stdout} = await runCaptured(['completion'])
  assert.is(code, 0)
  assert.match(stdout, 'linear-regions --get-yargs-completions')
  assert.match(stdout, 'complete -o bashdefault')
  execFileSync('bash', ['-n'], {input: stdout})
})

test('offers every command', async () => {
  const {stdout} = await runCaptured(['--get-yargs-completions', 'linear-regions', ''])
  assert.equal(
    stdout.trim().split('\n'),
    commands.map(({name}) => name),
  )
})

test.run()
