import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {once, onceFor} from '../../../src/common/once.js'

const test = suite('once')

test('made at first use, and not again; undefined too', () => {
  let made = 0
  const nothing = once(() => {
    made++
  })
  assert.is(made, 0)
  assert.is(nothing(), undefined)
  assert.is(nothing(), undefined)
  assert.is(made, 1)
})

test('made once for each key; undefined too', () => {
  const seen: string[] = []
  const named = onceFor((key: {name: string}, sign: string) => {
    seen.push(key.name)
    return key.name === 'none' ? undefined : `${key.name}${sign}`
  })
  const [a, b, none] = [{name: 'a'}, {name: 'b'}, {name: 'none'}]
  for (let k = 0; k < 2; k++) {
    assert.equal([named(a, '!'), named(b, '!'), named(none, '!')], ['a!', 'b!', undefined])
  }
  assert.equal(seen, ['a', 'b', 'none'])
})

test.run()
