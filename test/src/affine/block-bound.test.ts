import {EigenvalueDecomposition, Matrix} from 'ml-matrix'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {blockBound} from '../../../src/affine/block-bound.js'
import {draws} from '../../support/draw.js'

const test = suite('blockBound')
const n = 12

/** A positive semidefinite matrix whose singular values fall off as `power` says, and what is known of it. */
function drawn(seed: number, power: number) {
  const random = draws(`block bound ${seed}`)
  const root = new Matrix(
    Array.from({length: n}, (_, i) => Array.from(random.normals(n), (v) => v * (i + 1) ** -power)),
  )
  const matrix = root.transpose().mmul(root)
  const {realEigenvalues, eigenvectorMatrix} = new EigenvalueDecomposition(matrix)
  return {random, matrix, largest: Math.max(...realEigenvalues), eigenvectorMatrix}
}

const bound = (matrix: Matrix, vectors: Matrix) =>
  blockBound(
    n,
    Float32Array.from(vectors.to1DArray()),
    Float32Array.from(matrix.mmul(vectors).to1DArray()),
    matrix.norm() ** 2,
    // What writing them down in float32 does.
    2 ** -22,
  )

test('the largest eigenvalue lies between both bounds, whatever the vectors', () => {
  for (let seed = 1; seed <= 60; seed++) {
    const {random, matrix, largest} = drawn(seed, seed % 3)
    for (const columns of [1, 3, n]) {
      const vectors = new Matrix(Array.from({length: n}, () => Array.from(random.normals(columns))))
      // Turned towards the largest eigenvectors, as far as the seed says.
      const turned = Array.from({length: seed % 4}).reduce((v: Matrix) => matrix.mmul(v), vectors)
      const {upper, lower} = bound(matrix, turned.div(turned.norm()))
      assert.ok(upper >= largest, `seed ${seed}, ${columns} vectors: ${upper} is below ${largest}`)
      assert.ok(lower <= largest * (1 + 1e-6), `seed ${seed}: ${lower} is above ${largest}`)
      assert.ok(upper <= matrix.norm() * (1 + 1e-12), `seed ${seed}: above the Frobenius norm`)
    }
  }
})

test('eigenvectors give the eigenvalue, equal and dependent vectors among them too', () => {
  const {matrix, largest, eigenvectorMatrix} = drawn(1, 1)
  const first = eigenvectorMatrix.subMatrix(0, n - 1, n - 3, n - 1)
  const doubled = new Matrix(
    first.to2DArray().map((row) => [...row, row[0]! - row[1]!, 2 * row[2]!]),
  )
  for (const vectors of [first, doubled]) {
    const {upper, lower} = bound(matrix, vectors)
    assert.ok(Math.abs(lower / largest - 1) < 1e-6, `${lower}, not ${largest}`)
    assert.ok(upper / largest < 1.0001, `${upper}, not ${largest}`)
  }
})

test('without a vector it is the Frobenius norm', () => {
  assert.equal(blockBound(2, new Float32Array(2), new Float32Array(2), 10, 0), {
    upper: Math.sqrt(10),
    lower: 0,
  })
})

test('what rounding may have done to the products is added', () => {
  const {matrix, eigenvectorMatrix, largest} = drawn(2, 2)
  const first = eigenvectorMatrix.subMatrix(0, n - 1, n - 1, n - 1)
  const products = matrix.mmul(first)
  const [vectors, images] = [first, products].map((m) => Float32Array.from(m.to1DArray()))
  const squares = matrix.norm() ** 2
  const without = blockBound(n, vectors!, images!, squares, 0).upper
  const room = blockBound(n, vectors!, images!, squares, 1e-6).upper - without
  assert.ok(Math.abs(room / (1e-4 * Math.sqrt(squares)) - 1) < 1e-6, `${room} of ${largest}`)
})

test.run()
