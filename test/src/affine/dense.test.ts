import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {denseWeights} from '../../../src/affine/dense.js'
import {diagonalWeights} from '../../../src/affine/diagonal.js'
import {type AffineCase, checkAffineMap} from '../../support/affine-cases.js'
import {backends, useBackend} from '../../support/backends.js'
import {type Draw, draws} from '../../support/draw.js'

for (const backend of backends) {
  const test = suite(`dense map on ${backend}`)
  test.before(() => useBackend(backend))

  for (const [inputs, outputs] of [
    [5, 3],
    [2, 9],
    [1, 4],
    [6, 1],
    [1, 1],
  ] as const) {
    test(`${inputs} -> ${outputs}`, async () => {
      const random = draws(`dense ${inputs} ${outputs}`)
      await checkAffineMap(randomDense(random, inputs, outputs), random)
    })
  }

  test('a row of zeros', async () => {
    const random = draws('zero row')
    const {matrix, bias} = randomDense(random, 4, 3)
    const dead = matrix.map((row, j) => (j === 1 ? row.map(() => 0) : row))
    await checkAffineMap(asDense(dead, bias), random)
  })

  test('dense after dense is one dense map', async () => {
    const random = draws('dense after dense')
    const [inner, outer] = [randomDense(random, 5, 4), randomDense(random, 4, 3)]
    const weights = outer.weights.after(inner.weights)
    assert.ok(weights)
    await checkAffineMap({weights: weights!, ...compose(outer, inner)}, random)
  })

  test('dense after a diagonal map is one dense map', async () => {
    const random = draws('dense after diagonal')
    const outer = randomDense(random, 4, 3)
    const [scale, shift] = [random.normals(4), random.normals(4)]
    const weights = outer.weights.after(diagonalWeights(scale, shift))
    const matrix = Array.from(scale, (s, i) => Array.from(scale, (_, j) => (i === j ? s : 0)))
    const inner = {matrix, bias: [...shift]}
    await checkAffineMap({weights: weights!, ...compose(outer, inner)}, random)
  })
  test.run()
}

type Written = Pick<AffineCase, 'matrix' | 'bias'>

function randomDense(random: Draw, inputs: number, outputs: number): AffineCase {
  const row = (size: number) => Array.from(random.normals(size), Math.fround)
  const matrix = Array.from({length: outputs}, () => row(inputs))
  return asDense(matrix, row(outputs))
}

function asDense(matrix: readonly (readonly number[])[], bias: readonly number[]): AffineCase {
  const inputs = matrix[0]!.length
  const kernel = Array.from({length: inputs}, (_, i) => matrix.map((row) => row[i]!)).flat()
  const weights = denseWeights(Float64Array.from(kernel), Float64Array.from(bias), inputs)
  return {weights, matrix, bias}
}

/** outer (inner x) */
function compose(outer: Written, inner: Written): Written {
  const dot = (row: readonly number[], other: (k: number) => number) =>
    row.reduce((sum, w, k) => sum + w * other(k), 0)
  return {
    matrix: outer.matrix.map((row) =>
      inner.matrix[0]!.map((_, i) => dot(row, (k) => inner.matrix[k]![i]!)),
    ),
    bias: outer.matrix.map((row, j) => dot(row, (k) => inner.bias[k]!) + outer.bias[j]!),
  }
}
