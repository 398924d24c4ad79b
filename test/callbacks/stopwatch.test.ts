import {test} from 'uvu'
import * as assert from 'uvu/assert'
import {createStopwatch} from '../../callbacks/stopwatch.js'

test('a stopwatch adds up what lies between start and stop', () => {
  let time = 0
  const watch = createStopwatch(() => time)
  watch.start()
  time = 5
  watch.stop()
  time = 100
  watch.start()
  time = 107
  assert.is(watch.take(), 12)
  time = 110
  assert.is(watch.take(), 3)
  watch.stop()
  time = 200
  assert.is(watch.take(), 0)
})

test.run()
