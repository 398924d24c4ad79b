import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {inputValues} from '../../../src/exact/affine-values.js'
import {type KinkPieces, piecesOf} from '../../../src/exact/kink-pieces.js'
import {clipped} from '../../../src/kinks/clipped.js'
import type {Kink} from '../../../src/kinks/kink.js'
import {leakyRelu} from '../../../src/kinks/leaky-relu.js'
import {maximum} from '../../../src/kinks/maximum.js'
import {useBackend} from '../../support/backends.js'
import {draws} from '../../support/draw.js'
import {near} from '../../support/near.js'

const test = suite('pieces of a kink')
test.before(() => useBackend('cpu'))

const units = 3
const kinks: Record<string, Kink> = {
  relu: leakyRelu(units, 0),
  leaky: leakyRelu(units, 0.3),
  falling: leakyRelu(units, -0.7),
  prelu: leakyRelu(units, Float64Array.of(-0.5, 1 / 3, 2)),
  relu6: clipped(units, {low: 0, high: 6, slope: 1, offset: 0}),
  narrow: clipped(units, {low: 0.1, high: 0.7, slope: 1 / 3, offset: 0.25}),
  hardSigmoid: clipped(units, {low: -2.5, high: 2.5, slope: 0.2, offset: 0.5}),
  maximum: maximum(units, 3, Uint8Array.of(1, 1, 0, 1, 0, 1, 0, 1, 1)),
}

/** The piece that a unit is on, reached by crossing one violated side after the other. */
function pieceAt(pieces: KinkPieces, z: Float64Array, unit: number): number {
  let piece = pieces.first(unit)
  for (let moves = 1; moves < pieces.count; moves++) {
    const sides = pieces.sides(inputValues(z, []), unit, piece)
    const violated = sides.find(({row, strict}) => row[0]! < 0 || (strict && row[0]! === 0))
    piece = violated?.beyond ?? piece
  }
  return piece
}

for (const [name, kink] of Object.entries(kinks)) {
  const pieces = piecesOf(kink, units)
  const numbers = units * kink.candidates
  const piecesThere = (z: Float64Array) =>
    kink.at(Float32Array.from(z), new Float32Array(numbers)).pieces(false)

  test(`${name}: its pieces are the kink's own, and on them it is affine`, () => {
    const random = draws(name)
    let checked = 0
    for (let k = 0; k < 200; k++) {
      // In eighths, so that kinks and ties are met, and float32 has no other opinion.
      const z = random.normals(numbers).map((v) => Math.round(16 * v) / 8)
      const wanted = piecesThere(z)
      assert.equal(
        [...wanted].map((_, unit) => pieceAt(pieces, z, unit)),
        [...wanted],
      )
      const direction = random.normals(numbers)
      const image = pieces.image(inputValues(z, [direction]), wanted)
      near(image.columns[0]!, kink.value64(z), {relative: 1e-14, scale: 1, label: 'value'})
      const moved = z.map((v, i) => v + 2 ** -20 * direction[i]!)
      if (wanted.some((piece, unit) => pieceAt(pieces, moved, unit) !== piece)) continue
      const slopes = kink.value64(moved).map((v, i) => (v - image.columns[0]![i]!) * 2 ** 20)
      near(image.columns[1]!, slopes, {relative: 1e-8, scale: 1, label: 'slope'})
      checked++
    }
    assert.ok(checked > 50, `${checked} slopes checked`)
  })
}

test('thresholds are those of the kink, to the last digit and of any size', () => {
  for (const [low, high] of [
    [0.1, 0.7],
    [-2.5, 2.5],
    [0, 6],
    [-1e-7, 1 / 3],
    [-1000.1, -3.3],
    [1e-7, 2e-7],
    [0, 4e6],
    [-3e30, 2e38],
  ] as const) {
    const pieces = piecesOf(clipped(1, {low, high, slope: 1, offset: 0}), 1)
    const [below, above] = pieces.sides(inputValues(Float64Array.of(0), []), 0, 1)
    assert.equal([-below!.row[0]!, above!.row[0]], [low, high])
    const numbers = Float64Array.of(2 * low - high, (low + high) / 2, 2 * high - low)
    numbers.forEach((z, piece) => {
      const image = pieces.image(inputValues(Float64Array.of(z), []), Int32Array.of(piece))
      const expected = Math.min(Math.max(z, low), high)
      near(image.columns[0]!, [expected], {relative: 1e-14, scale: high, label: `piece ${piece}`})
    })
    assert.equal([below!.strict, above!.strict, below!.beyond, above!.beyond], [true, false, 0, 2])
  }
})

test('a maximum has a side for each rival that is there, and the first of equal ones wins', () => {
  const pieces = piecesOf(maximum(2, 3, Uint8Array.of(1, 1, 0, 1, 1, 1)), 2)
  const values = inputValues(Float64Array.of(4, 1, 9, 2, 4, 3), [])
  assert.is(pieces.first(0), 0)
  const sides = (unit: number, piece: number) =>
    pieces.sides(values, unit, piece).map(({row, strict, beyond}) => [row[0], strict, beyond])
  assert.equal(sides(0, 0), [[0, false, 2]])
  assert.equal(sides(0, 2), [[0, true, 0]])
  assert.equal(sides(1, 1), [
    [1, true, 0],
    [-1, false, 2],
  ])
})

test.run()
