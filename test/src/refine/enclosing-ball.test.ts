import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {enclosingBall} from '../../../src/refine/enclosing-ball.js'
import {draws} from '../../support/draw.js'

const test = suite('balls around parts of the unit ball')

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, v, i) => sum + v * b[i]!, 0)

const gramOf = (normals: readonly ArrayLike<number>[]) =>
  Float64Array.from(normals.flatMap((a) => normals.map((b) => dot(a, b))))

test('hold every point of the part, and none is called empty that holds one', () => {
  let [inside, empty] = [0, 0]
  for (let seed = 1; seed <= 400; seed++) {
    const random = draws(`enclosing ball ${seed}`)
    const dimensions = random.whole(1, 6)
    const normals = Array.from({length: random.whole(1, 7)}, () => random.direction(dimensions))
    const limits = normals.map(() => {
      const bound = random.between(-0.9, 0.6)
      return {bound, target: bound + random.pick([0, 0.01, 0.2])}
    })
    const ball = enclosingBall(gramOf(normals), limits)
    if (!ball) empty++
    for (let k = 0; k < 300; k++) {
      const y = random.inBall(new Float64Array(dimensions), 1)
      if (!normals.every((normal, i) => dot(normal, y) >= limits[i]!.bound)) continue
      assert.ok(ball, `seed ${seed}: there is a point`)
      inside++
      const center = y.map((_, axis) =>
        normals.reduce((sum, normal, i) => sum + ball.weights[i]! * normal[axis]!, 0),
      )
      const distance = Math.hypot(...y.map((v, axis) => v - center[axis]!))
      assert.ok(distance <= ball.radius, `seed ${seed}: ${distance} from the center`)
    }
  }
  assert.ok(inside > 5000 && empty > 40, `${inside} points, ${empty} empty parts`)
})

test('are as small as the distance of the part allows', () => {
  const gram = gramOf([
    [1, 0, 0],
    [0, 1, 0],
  ])
  const limits = [0.3, 0.4].map((bound) => ({bound, target: bound}))
  const ball = enclosingBall(gram, limits)!
  assert.ok(Math.abs(ball.radius - Math.sqrt(1 - 0.3 ** 2 - 0.4 ** 2)) < 1e-6)
  assert.ok(Math.abs(ball.weights[0]! - 0.3) < 1e-6 && Math.abs(ball.weights[1]! - 0.4) < 1e-6)
  // A cap that holds the origin lies in no smaller ball.
  assert.ok(
    Math.abs(enclosingBall(gramOf([[1, 0]]), [{bound: -0.5, target: -0.5}])!.radius - 1) < 1e-6,
  )
})

test('keep their center where it is wanted, if there is room', () => {
  const ball = enclosingBall(gramOf([[1]]), [{bound: 0.3, target: 0.31}])!
  assert.ok(Math.abs(ball.weights[0]! - 0.31) < 1e-6)
  // Between two parallel hyperplanes there is room for neither target.
  const gram = gramOf([[1], [-1]])
  const narrow = [0.3, -0.301].map((bound) => ({bound, target: bound + 0.1}))
  const found = enclosingBall(gram, narrow)!
  assert.ok(found.radius < 1, `radius ${found.radius}`)
  assert.is(
    enclosingBall(
      gram,
      [0.3, -0.2].map((bound) => ({bound, target: bound})),
    ),
    undefined,
  )
})

test.run()
