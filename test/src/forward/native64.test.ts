import {CholeskyDecomposition, EigenvalueDecomposition, Matrix} from 'ml-matrix'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {native64} from '../../../src/forward/native64.js'
import {backends, useBackend} from '../../support/backends.js'
import {draws} from '../../support/draw.js'
import {near} from '../../support/near.js'

const random = draws('native float64')
const gaussian = (rows: number, columns: number) =>
  new Matrix(Array.from({length: rows}, () => Array.from(random.normals(columns))))
const flat = (matrix: Matrix) => Float64Array.from(matrix.to1DArray())
const digits = {relative: 1e-13, scale: 1}

for (const backend of backends) {
  const test = suite(`native64 on ${backend}`)
  test.before(() => useBackend(backend))

  if (!backend.startsWith('tfjs-node')) {
    test('is not there', () => assert.is(native64(), undefined))
    test.run()
    continue
  }

  test('multiplies as float64 does', () => {
    const [a, b] = [gaussian(7, 90), gaussian(90, 5)]
    near(native64()!.multiply(flat(a), flat(b), [7, 90, 5]), flat(a.mmul(b)), digits)
  })

  test('makes the smaller Gram matrix', () => {
    const [wide, tall] = [gaussian(4, 30), gaussian(30, 4)]
    near(native64()!.gram(flat(wide), 4, 30), flat(wide.mmul(wide.transpose())), digits)
    near(native64()!.gram(flat(tall), 30, 4), flat(tall.transpose().mmul(tall)), digits)
  })

  test('finds the factor of a positive definite matrix and tells of any other', () => {
    const rows = gaussian(12, 40)
    const gram = rows.mmul(rows.transpose())
    const factor = new CholeskyDecomposition(gram).lowerTriangularMatrix
    near(native64()!.cholesky(flat(gram), 12)!, flat(factor), digits)
    assert.is(native64()!.cholesky(Float64Array.of(1, 2, 2, 1), 2), undefined)
  })

  test('finds eigenvalues in rising order', () => {
    const rows = gaussian(15, 15)
    const gram = rows.mmul(rows.transpose())
    const known = new EigenvalueDecomposition(gram, {assumeSymmetric: true}).realEigenvalues
    near(
      native64()!.eigenvalues(flat(gram), 15),
      Float64Array.from(known.sort((x, y) => x - y)),
      digits,
    )
  })
  test.run()
}
