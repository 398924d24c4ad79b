import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {createProgress} from '../../scripts/progress.js'
import {capture} from './capture.js'

const test = suite('progress')

test('plain lines where the stream is no terminal: one at each tenth, no control characters', () => {
  const {stream, text} = capture()
  const progress = createProgress(stream, 40)
  for (let done = 1; done <= 40; done++) progress.update(done, `epoch ${done}`)
  progress.stop()
  const lines = text().trim().split('\n')
  assert.is(lines.length, 10)
  assert.match(lines[0]!, /^10 % after \d+ s, about \d+ s left: epoch 4$/)
  assert.match(lines[9]!, /^100 % after \d+ s, about 0 s left: epoch 40$/)
})

test('a bar with the time left on a terminal', () => {
  const {stream, text} = capture()
  const terminal = Object.assign(stream, {isTTY: true, columns: 80, cursorTo() {}, clearLine() {}})
  const progress = createProgress(terminal, 4)
  progress.update(1, 'seed 1')
  progress.stop()
  assert.match(text(), /left \| seed 1/)
})

test.run()
