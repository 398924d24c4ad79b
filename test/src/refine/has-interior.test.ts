import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import type {Plane} from '../../../src/exact/region-planes.js'
import {hasInterior} from '../../../src/refine/has-interior.js'
import {draws} from '../../support/draw.js'

const test = suite('whether half-spaces have inner points in common')

/** A plane at a distance from a point, which is then on its inner side. */
function planeNear(point: readonly number[], normal: readonly number[], distance: number): Plane {
  const length = Math.hypot(...normal)
  const slopes = normal.map((v) => v / length)
  const height = slopes.reduce((sum, v, k) => sum - v * point[k]!, distance)
  return {row: [height, ...slopes], noise: 1e-15}
}

function drawn(seed: number) {
  const random = draws(`has-interior ${seed}`)
  const dimensions = random.whole(1, 6)
  const numbers = () => Array.from({length: dimensions}, () => random.between(-0.4, 0.4))
  return {random, dimensions, numbers}
}

test('planes at a small distance around a point leave it room', () => {
  for (let seed = 1; seed <= 500; seed++) {
    const {random, numbers} = drawn(seed)
    const point = numbers()
    const distance = 10 ** -random.whole(1, 12)
    const planes = Array.from({length: random.whole(1, 15)}, () =>
      planeNear(point, numbers(), distance * random.between(1, 2)),
    )
    assert.ok(hasInterior(planes), `seed ${seed}`)
  }
})

test('planes that close in on a point from all sides leave none, nor does less than nothing', () => {
  for (let seed = 1; seed <= 500; seed++) {
    const {random, dimensions, numbers} = drawn(seed)
    const point = numbers()
    const normals = Array.from({length: random.whole(1, dimensions)}, numbers)
    // The last one points against the others, all with weights above 0.
    const weights = normals.map(() => random.between(0.2, 1))
    normals.push(point.map((_, k) => normals.reduce((s, n, i) => s - weights[i]! * n[k]!, 0)))
    const distance = random.pick([0, 0, -1e-12, -1e-6, -0.1])
    const planes = normals.map((normal) => planeNear(point, normal, distance))
    // Others around do not matter.
    for (let k = random.whole(0, 6); k > 0; k--) planes.push(planeNear(point, numbers(), 0.3))
    assert.not(hasInterior(planes), `seed ${seed}`)
  }
})

test('lines of the plane through one corner', () => {
  const line = (angle: number): Plane => {
    return {row: [0, Math.cos(angle), Math.sin(angle)], noise: 0}
  }
  // Inner sides face each other by 1e-9, then not at all.
  assert.ok(hasInterior([line(0), line(Math.PI - 1e-9)]))
  assert.ok(hasInterior([line(0), line(2), line(Math.PI - 1e-9)]))
  assert.not(hasInterior([line(0), line(2), line(4)]))
  assert.not(hasInterior([line(0), line(2), line(4), line(1)]))
})

test('planes that leave no room within the ball, whatever is beyond', () => {
  const flat: Plane[] = [
    {row: [-2, 1, 0], noise: 0},
    {row: [-2, -1, 1e-3], noise: 0},
  ]
  assert.not(hasInterior(flat))
})

test.run()
