import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {durationText, jsonText, rounded, timeText} from '../../scripts/amounts.js'

const test = suite('amounts')

test('durations have at most two units', () => {
  const expected: readonly (readonly [number, string])[] = [
    [-1, '0 s'],
    [0.04, '0 s'],
    [0.25, '0.3 s'],
    [9.94, '9.9 s'],
    [9.96, '10 s'],
    [59.6, '1 min 0 s'],
    [108, '1 min 48 s'],
    [3599.7, '1 h 0 min'],
    [9000, '2 h 30 min'],
    [86399, '1 d 0 h'],
    [100_000, '1 d 4 h'],
  ]
  for (const [seconds, text] of expected) assert.is(durationText(seconds), text)
})

test('times, rounded numbers and JSON', () => {
  assert.is(timeText('2026-01-31T12:00:00.123Z'), '2026-01-31 12:00:00 UTC')
  assert.is(rounded(0.0123456), 0.0123)
  assert.is(rounded(123456), 123000)
  assert.is(rounded(Infinity), Infinity)
  assert.is(rounded(undefined), null)
  assert.is(jsonText({a: [Infinity, -Infinity, null]}, 0), '{"a":["Infinity","-Infinity",null]}\n')
  assert.is(jsonText([]), '[]\n')
})

test.run()
