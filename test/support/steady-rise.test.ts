import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {draws} from './draw.js'
import {measureRise, risesSteadily} from './steady-rise.js'

const test = suite('steady rise')
const series = (of: (k: number) => number) => Array.from({length: 400}, (_, k) => of(k))

test('the slope is a value by the next', () => {
  const {slope, tau} = measureRise(series((k) => 5 + 3 * k))
  assert.ok(Math.abs(slope - 3) < 0.01)
  assert.is(tau, 1)
})

test('a leak is found under noise and under a saw, noise and steps are no leak', () => {
  const random = draws('rise')
  for (let trial = 0; trial < 200; trial++) {
    const noise = [...random.normals(400)]
    assert.not(
      risesSteadily(
        series((k) => 1000 + noise[k]!),
        1,
      ),
    )
    assert.ok(
      risesSteadily(
        series((k) => 1000 + noise[k]! + 0.02 * k),
        4,
      ),
    )
    assert.ok(
      risesSteadily(
        series((k) => 1000 + (k % 37) + 0.2 * k),
        40,
      ),
    )
  }
  assert.not(
    risesSteadily(
      series((k) => (k < 130 ? 0 : 50)),
      4,
    ),
  )
  assert.not(
    risesSteadily(
      series((k) => -k),
      1,
    ),
  )
})

test.run()
