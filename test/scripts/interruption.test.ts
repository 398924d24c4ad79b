import {EventEmitter} from 'node:events'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {listenForInterruption} from '../../scripts/interruption.js'

const test = suite('listenForInterruption')

test('the first aborts, its echo does nothing, a later one ends the process', () => {
  const exits: number[] = []
  const process = Object.assign(new EventEmitter(), {exit: (code: number) => exits.push(code)})
  let now = 5000
  const signal = listenForInterruption(process as never, () => now)
  assert.is(signal.aborted, false)
  process.emit('SIGINT')
  assert.is(signal.aborted, true)
  assert.is(signal.reason.message, 'interrupted')
  now += 20
  process.emit('SIGINT')
  assert.equal(exits, [])
  now += 2000
  process.emit('SIGINT')
  assert.equal(exits, [1])
})

test.run()
