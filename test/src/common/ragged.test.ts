import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {ragged} from '../../../src/common/ragged.js'

const test = suite('ragged')

test('lists one after another, empty ones too, and where each begins', () => {
  const {starts, values} = ragged([[0.5], [], [1, 2]])
  assert.equal([...starts], [0, 1, 1, 3])
  assert.equal([...values], [0.5, 1, 2])
  assert.equal([...ragged([]).starts], [0])
})

test.run()
