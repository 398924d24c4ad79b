import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {inParts} from '../../../../src/bounds/flats/open-points.js'

const test = suite('units in parts')

const pointOf = (count: number) => ({
  point: 3,
  units: Int32Array.from({length: count}, (_, k) => 10 + 2 * k),
})

test('every unit once, in as few parts as there can be, about as large as each other', () => {
  for (const [count, most] of [
    [1, 4],
    [4, 4],
    [5, 4],
    [257, 256],
    [1000, 256],
  ] as const) {
    const member = pointOf(count)
    const parts = inParts(member, most)
    assert.is(parts.length, Math.ceil(count / most))
    assert.equal(
      parts.flatMap(({units}) => [...units]),
      [...member.units],
    )
    const sizes = parts.map(({units}) => units.length)
    assert.ok(
      Math.max(...sizes) <= most && Math.max(...sizes) - Math.min(...sizes) <= 1,
      `${sizes}`,
    )
    assert.ok(parts.every((part) => part.point === 3 && part.parts === parts.length))
  }
})

test('no units: no parts', () => {
  assert.equal(inParts(pointOf(0), 4), [])
})

test.run()
