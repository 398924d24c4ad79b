import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {block, productOf, sumOf, writeSmaller} from '../../../src/simd/elementwise.js'
import {draws} from '../../support/draw.js'

const test = suite('elementwise')

for (const size of [0, 1, 3, 4, 5, 1000, block, block + 1, 3 * block - 2]) {
  const random = draws(`elementwise ${size}`)
  const numbers = () => Float32Array.from(random.normals(size), Math.abs)
  const [a, b] = [numbers(), numbers()]
  if (size > 3) [a[1], b[2], a[3], b[3]] = [Number.POSITIVE_INFINITY, 0, 0, Number.MIN_VALUE]

  test(`${size} numbers: sums, as float32 has them`, () => {
    const before = a.slice()
    assert.equal(
      sumOf(a, b),
      a.map((value, at) => value + b[at]!),
    )
    assert.equal(a, before)
  })

  test(`${size} numbers: products, as float32 has them`, () => {
    const before = a.slice()
    assert.equal(
      productOf(a, b),
      a.map((value, at) => value * b[at]!),
    )
    assert.equal(a, before)
  })

  test(`${size} numbers: the smaller ones, in place or not`, () => {
    const wanted = a.map((value, at) => Math.min(value, b[at]!))
    const [out, own] = [new Float32Array(size), b.slice()]
    writeSmaller(out, a, b)
    writeSmaller(own, own, a)
    assert.equal([out, own], [wanted, wanted])
  })
}

test.run()
