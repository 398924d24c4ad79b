import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {randomStream} from '../../../src/common/random.js'
import {placeInBall} from '../../../src/observed/ball-points.js'
import {sampleAlong, sampleUniform} from '../../../src/observed/sample-ball.js'
import {draws} from '../../support/draw.js'
import {near} from '../../support/near.js'

const test = suite('points of a ball')
const random = draws('ball points')

const lengthOf = (values: ArrayLike<number>) => Math.hypot(...Array.from(values))
const moved = (out: Float32Array, center: Float32Array) => Array.from(out, (v, i) => v - center[i]!)
const place = (center: Float32Array, direction: ArrayLike<number>, length: number, r: number) => {
  const out = new Float32Array(center.length)
  placeInBall(out, center, direction, length, r)
  return out
}

test('a point lies as far along the direction as asked for', () => {
  const center = Float32Array.of(0, 0, 0)
  near(place(center, [3, 0, -4], 0.5, 1), [0.3, 0, -0.4])
  near(place(center, [3e20, 0, -4e20], 0.5, 1), [0.3, 0, -0.4])
})

test('the edge is inside the ball, by little', () => {
  for (let k = 0; k < 200; k++) {
    const size = random.whole(1, 40)
    const center = Float32Array.from(random.normals(size))
    const radius = 10 ** random.between(-3, 3)
    const far = lengthOf(moved(place(center, random.normals(size), Infinity, radius), center))
    assert.ok(far < radius && far > 0.999 * radius, `${far} of ${radius}`)
  }
})

test('where float32 hardly fits, a point is inside all the same', () => {
  for (let k = 0; k < 2000; k++) {
    const size = random.whole(1, 5)
    const center = Float32Array.from(random.normals(size), (v) => 100 * v)
    const radius = 10 ** random.between(-9, -4)
    const far = lengthOf(moved(place(center, random.normals(size), Infinity, radius), center))
    assert.ok(far < radius, `${far} of ${radius}`)
  }
})

test('no direction: the center', () => {
  const center = Float32Array.of(1, 2)
  for (const direction of [
    [0, 0],
    [Number.NaN, 1],
    [Infinity, 1],
  ]) {
    assert.equal(place(center, direction, 1, 1), center)
  }
})

test('uniform points: each shell and each half has its share', () => {
  const rng = randomStream('uniform')
  const [count, size, radius] = [4000, 3, 2]
  const center = Float32Array.of(1, -1, 5)
  const out = new Float32Array(size)
  let [inner, positive] = [0, 0]
  for (let k = 0; k < count; k++) {
    sampleUniform(out, center, radius, rng)
    const step = moved(out, center)
    assert.ok(lengthOf(step) < radius)
    // Half of a ball's volume lies within 2^(-1/3) of its radius.
    if (lengthOf(step) < radius * 2 ** (-1 / 3)) inner++
    if (step[1]! > 0) positive++
  }
  near([inner / count, positive / count], [0.5, 0.5], {relative: 0.06})
})

test('points along directions stay in their span, to both sides of each', () => {
  const rng = randomStream('along')
  const center = Float32Array.of(1, 2, 3)
  const directions = [Float32Array.of(1, 0, 0), Float32Array.of(0, 0.6, 0.8)]
  const out = new Float32Array(3)
  const signs = new Set<string>()
  for (let k = 0; k < 200; k++) {
    sampleAlong(out, center, 0.5, directions, rng)
    const step = moved(out, center)
    assert.ok(lengthOf(step) < 0.5)
    near([step[2]! * 0.6], [step[1]! * 0.8], {relative: 1e-5, scale: 1})
    signs.add(step.map(Math.sign).join())
  }
  assert.is(signs.size, 4)
})

test.run()
