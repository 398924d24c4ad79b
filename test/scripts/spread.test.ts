import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {spread} from '../../scripts/spread.js'

const test = suite('spread')

test('some of a list, the first and the last among them', () => {
  const steps = [0, 1, 3, 11, 38, 126]
  assert.equal(spread(steps, 3), [0, 11, 126])
  assert.equal(spread(steps, 2), [0, 126])
  assert.equal(spread(steps, 1), [0])
  assert.equal(spread(steps, 0), [])
  assert.equal(spread(steps, 99), steps)
  assert.equal(spread([], 3), [])
})

test.run()
