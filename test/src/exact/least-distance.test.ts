import {Matrix, pseudoInverse} from 'ml-matrix'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {type HalfSpace, leastDistance} from '../../../src/exact/least-distance.js'
import {type Draw, draws} from '../../support/draw.js'
import {near} from '../../support/near.js'

const test = suite('leastDistance')

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, v, i) => sum + v * b[i]!, 0)

/** Half-spaces that hold a ball around a point: their faces are at most `room` beyond it. */
function around(random: Draw, dimensions: number, count: number, inradius: number, room: number) {
  const point = random.normals(dimensions)
  const normals = Array.from({length: count}, () => random.direction(dimensions))
  return {
    point,
    halfSpaces: normals.map((normal): HalfSpace => {
      const bound = dot(normal, point) - inradius - random.between(0, room)
      return {normal: [...normal], bound}
    }),
  }
}

/** The least distance by trying every set of faces to lie on. */
function byTrying(halfSpaces: readonly HalfSpace[], dimensions: number): number {
  const feasible = (x: readonly number[]) =>
    halfSpaces.every(({normal, bound}) => dot(normal, x) >= bound - 1e-10)
  let least = feasible(Array(dimensions).fill(0)) ? 0 : Number.POSITIVE_INFINITY
  for (let set = 1; set < 2 ** halfSpaces.length; set++) {
    const faces = halfSpaces.filter((_, i) => (set >> i) & 1)
    if (faces.length > dimensions) continue
    const normals = new Matrix(faces.map(({normal}) => [...normal]))
    const bounds = Matrix.columnVector(faces.map(({bound}) => bound))
    const x = pseudoInverse(normals).mmul(bounds).to1DArray()
    if (feasible(x)) least = Math.min(least, Math.hypot(...x))
  }
  return least
}

test('is what trying every set of faces finds', () => {
  const random = draws('faces')
  for (let k = 0; k < 60; k++) {
    const dimensions = random.whole(1, 4)
    const {halfSpaces} = around(random, dimensions, random.whole(1, 8), 0, 0.5)
    const expected = byTrying(halfSpaces, dimensions)
    near([leastDistance(halfSpaces, dimensions)], [expected], {relative: 1e-9, scale: 1e-9})
  }
})

test('no set with an inner ball is taken for empty, whatever coincides', () => {
  const random = draws('coincide')
  for (let k = 0; k < 600; k++) {
    const dimensions = random.whole(1, 8)
    const angle = random.pick([0, 1e-12, 1e-8, 1e-4])
    const {point, halfSpaces} = around(random, dimensions, random.whole(1, 20), 1e-6, 0.1)
    const doubled = halfSpaces.flatMap(({normal}) => {
      const turned = normal.map((v) => v + angle * random.normal())
      const sign = random.pick([-1, 1])
      const length = sign * Math.hypot(...turned)
      const unit = turned.map((v) => v / length)
      return [{normal: unit, bound: dot(unit, point) - 1e-6}]
    })
    const distance = leastDistance([...halfSpaces, ...doubled], dimensions)
    const most = Math.hypot(...point) * (1 + 1e-9)
    assert.ok(distance <= most, `case ${k}: ${distance} of ${most}, angle ${angle}`)
  }
})

test('what contradicts itself is empty', () => {
  const random = draws('empty')
  for (let k = 0; k < 100; k++) {
    const dimensions = random.whole(1, 6)
    const {halfSpaces} = around(random, dimensions, random.whole(1, 10), 0, 0.5)
    const {normal, bound} = halfSpaces[0]!
    const opposite = {normal: normal.map((v) => -v), bound: 1e-9 - bound}
    assert.is(leastDistance([...halfSpaces, opposite], dimensions), Number.POSITIVE_INFINITY)
  }
})

test('nothing at all, and a space of no dimensions', () => {
  assert.is(leastDistance([], 3), 0)
  assert.is(leastDistance([], 0), 0)
  assert.is(leastDistance([{normal: [1, 0], bound: -1}], 2), 0)
  assert.is(leastDistance([{normal: [], bound: 1}], 0), Number.POSITIVE_INFINITY)
  assert.is(leastDistance([{normal: [0, -1], bound: 2}], 2), 2)
})

test.run()
