import {spawnSync} from 'node:child_process'
import {closeSync, existsSync, openSync} from 'node:fs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('the process of a command')

test('standard output that takes nothing more is an error of one line', () => {
  if (!existsSync('/dev/full')) return
  const full = openSync('/dev/full', 'w')
  const argv = ['--import', 'tsx', 'scripts/bin.ts', 'plot', '--list']
  const {status, stderr} = spawnSync(process.execPath, argv, {
    stdio: ['ignore', full, 'pipe'],
    encoding: 'utf8',
  })
  closeSync(full)
  assert.is(status, 1)
  assert.match(stderr, /^linear-regions: stdout: ENOSPC[^\n]*\n$/)
})

test.run()
