import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {kernels, workspace} from '../../../src/simd/index.js'
import {type Draw, draws} from '../../support/draw.js'
import {near} from '../../support/near.js'

const test = suite('kernels')

/** Vectors hold two or four numbers: whole ones, and each number that is left over. */
const sizes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 18, 31, 40]

const room = () => workspace(2 ** 16)

/** A lower triangle with zeros before the first entry of each row; what is above is not to be read. */
function envelope(random: Draw, n: number): {rows: number[][]; first: number[]} {
  const first = Array.from({length: n}, (_, i) => random.whole(0, i))
  const rows = first.map((start, i) =>
    Array.from({length: n}, (_, j) => {
      if (j > i) return Number.NaN
      return j < start ? 0 : i === j ? n + 1 : random.between(-1, 1) || 0.5
    }),
  )
  return {rows, first}
}

const entry = (rows: readonly number[][], i: number, j: number) =>
  j > i ? rows[j]![i]! : rows[i]![j]!

for (const n of sizes) {
  const random = draws(`kernels ${n}`)
  const {rows, first} = envelope(random, n)
  const place = () => {
    const own = room()
    const [matrix, starts] = [own.float64(n * n), own.int32(n)]
    matrix.set(rows.flat())
    kernels().firstEntries(matrix.byteOffset, n, starts.byteOffset)
    return {own, matrix: matrix.byteOffset, starts}
  }

  test(`${n} rows: where the first entry of each is`, () => {
    assert.equal([...place().starts], first)
  })

  test(`${n} rows: a symmetric matrix times a vector`, () => {
    const {own, matrix, starts} = place()
    const [x, out] = [own.float64(n), own.float64(n)]
    x.set(random.normals(n))
    kernels().times(matrix, n, starts.byteOffset, x.byteOffset, out.byteOffset)
    const wanted = rows.map((_, i) => x.reduce((sum, v, j) => sum + entry(rows, i, j) * v, 0))
    near(out, wanted, {relative: 1e-13, scale: 10 * n})
  })

  test(`${n} rows: a Cholesky factor of bound I - A, where there is one`, () => {
    const {own, matrix, starts} = place()
    const factor = own.float64(n * n)
    const has = (bound: number) =>
      kernels().hasCholeskyFactor(matrix, n, starts.byteOffset, bound, factor.byteOffset) !== 0
    // By Gershgorin, the entries beside the diagonal being smaller than 1.
    const bound = 2 * n + 2
    assert.ok(has(bound))
    const l = (i: number, j: number) => (j < first[i]! ? 0 : factor[i * n + j]!)
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        let product = 0
        for (let k = 0; k <= j; k++) product += l(i, k) * l(j, k)
        near([product], [(i === j ? bound : 0) - rows[i]![j]!], {relative: 1e-13, scale: 10 * n})
      }
    }
    assert.not.ok(has(n + 0.9))
  })

  test(`${n} rows: products of float32 with weights`, () => {
    const stride = n + 3
    const own = room()
    const [gram, factors, matrix] = [own.float32(n * stride), own.float64(n), own.float64(n * n)]
    gram.set(random.normals(n * stride))
    factors.set(Float64Array.from(random.normals(n), Math.abs))
    matrix.set(random.normals(n * n))
    const before = [...matrix]
    let squares = 0
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const product = gram[Math.max(i, j) * stride + Math.min(i, j)]!
        squares += product ** 2 * factors[i]! * factors[j]!
        if (j < i) before[i * n + j]! += 0.3 * factors[i]! * product * factors[j]!
      }
    }
    const [at, shares] = [gram.byteOffset, factors.byteOffset]
    near([kernels().weightedSquares(at, stride, n, shares)], [squares], {relative: 1e-12})
    kernels().addProducts(matrix.byteOffset, n, at, stride, 0.3, shares)
    near(matrix, before, {relative: 1e-13, scale: 10 * n})
  })
}

test('numbers are added to those further on, as they were before', () => {
  const [to, least] = [10, 3]
  for (const shift of [1, 2, 3, 4, 5, 9]) {
    for (const last of [9, 20, 23]) {
      const counts = room().float64(40)
      counts.set(draws(`shift ${shift}`).normals(40))
      const before = [...counts]
      kernels().addShifted(counts.byteOffset, to, to - shift, least, last)
      const wanted = before.map((value, at) =>
        at >= to + least && at <= to + last ? value + before[at - shift]! : value,
      )
      assert.equal([...counts], wanted, `by ${shift}, to ${last}`)
    }
  }
})

test('a workspace holds what was asked for, and grows', () => {
  const many = 2 ** 18
  const own = workspace(8 * many + 4 * 3 + 2 * 16)
  const [a, b] = [own.int32(3), own.float64(many)]
  a.fill(7)
  b.fill(1)
  assert.equal([...a], [7, 7, 7])
  assert.is(b.length, many)
  assert.throws(() => own.float64(many), RangeError)
})

test.run()
