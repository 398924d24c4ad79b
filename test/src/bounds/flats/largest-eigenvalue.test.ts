import {EigenvalueDecomposition, Matrix} from 'ml-matrix'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {largestEigenvalue} from '../../../../src/bounds/flats/largest-eigenvalue.js'
import {type Draw, draws} from '../../../support/draw.js'

const test = suite('largestEigenvalue')

/** Gram matrices: of random rows, of few directions, of equal and of zero rows. */
function gram(random: Draw, n: number): Matrix {
  const columns = random.pick([1, 2, n, 4 * n])
  const rows = new Matrix(
    Array.from({length: n}, () => {
      const scale = random.pick([0, 1, 1, 1, 1e-6, 1e6])
      return Array.from(random.normals(columns), (v) => v * scale)
    }),
  )
  if (n > 2 && random.whole(0, 3) === 0) rows.setRow(1, rows.getRow(0))
  return rows.mmul(rows.transpose())
}

test('never below the eigenvalue that a decomposition finds, and at most a tenth above it', () => {
  let near = 0
  for (let seed = 1; seed <= 300; seed++) {
    const random = draws(`eigenvalue ${seed}`)
    const n = random.whole(1, 40)
    const matrix = gram(random, n)
    const wanted = Math.max(...new EigenvalueDecomposition(matrix).realEigenvalues)
    const bound = largestEigenvalue(Float64Array.from(matrix.to1DArray()), n)
    assert.ok(bound >= wanted * (1 - 1e-12), `seed ${seed}, n ${n}: ${bound} below ${wanted}`)
    assert.ok(bound <= 1.5 * wanted + 1e-300, `seed ${seed}, n ${n}: ${bound} for ${wanted}`)
    if (bound <= 1.05 * wanted) near++
  }
  assert.ok(near > 280, `${near} of 300 within 5 %`)
})

test('of hundreds of rows, too', () => {
  const random = draws('many')
  for (const n of [95, 200]) {
    const matrix = gram(random, n)
    const wanted = Math.max(...new EigenvalueDecomposition(matrix).realEigenvalues)
    const bound = largestEigenvalue(Float64Array.from(matrix.to1DArray()), n)
    assert.ok(bound >= wanted * (1 - 1e-12) && bound <= 1.5 * wanted, `${n}: ${bound}, ${wanted}`)
  }
})

test('rows that overlap with their neighbours alone; only the lower triangle is read', () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = draws(`windows ${seed}`)
    const n = random.pick([3, 17, 40, 150])
    const [step, width] = [random.whole(1, 4), random.whole(1, 20)]
    const rows = Matrix.zeros(n, n * step + width)
    for (let i = 0; i < n; i++) {
      // Some are alone: between them the envelope falls and rises.
      const own = random.whole(0, 5) === 0 ? 1 : width
      random.normals(own).forEach((value, k) => {
        rows.set(i, i * step + k, value)
      })
    }
    const products = rows.mmul(rows.transpose())
    const wanted = Math.max(...new EigenvalueDecomposition(products).realEigenvalues)
    const lower = Float64Array.from(products.to1DArray(), (value, at) =>
      at % n > Math.floor(at / n) ? Number.NaN : value,
    )
    const bound = largestEigenvalue(lower, n)
    const label = `seed ${seed}, n ${n}, step ${step}, width ${width}: ${bound} for ${wanted}`
    assert.ok(bound >= wanted * (1 - 1e-12) && bound <= 1.2 * wanted, label)
  }
})

test('the identity and the zero matrix', () => {
  const identity = Float64Array.from({length: 25}, (_, at) => (at % 6 === 0 ? 1 : 0))
  const bound = largestEigenvalue(identity, 5)
  assert.ok(bound >= 1 && bound < 1.02)
  assert.is(largestEigenvalue(new Float64Array(9), 3), 0)
})

test.run()
