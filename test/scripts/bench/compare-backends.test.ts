import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {compareBackends} from '../../../scripts/bench/compare-backends.js'

const test = suite('one backend against another')

test('what interrupts it ends the process that measures, and is what it says', async () => {
  const interruption = new AbortController()
  const running = compareBackends(['wasm', 'cpu'], 1, interruption.signal, () => {})
  const failed = running.then(
    () => 'nothing',
    (error: Error) => error.message,
  )
  interruption.abort(new Error('interrupted'))
  assert.is(await failed, 'interrupted')
})

test.run()
