import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {denseWeights} from '../../../src/affine/dense.js'
import {diagonalWeights} from '../../../src/affine/diagonal.js'
import {checkAffineMap} from '../../support/affine-cases.js'
import {backends, useBackend} from '../../support/backends.js'
import {draws} from '../../support/draw.js'

const diagonal = (scale: ArrayLike<number>) =>
  Array.from(scale, (s, i) => Array.from(scale, (_, j) => (i === j ? s : 0)))

for (const backend of backends) {
  const test = suite(`diagonal map on ${backend}`)
  test.before(() => useBackend(backend))

  test('scales of either sign, and 0', async () => {
    const random = draws('diagonal')
    const scale = Float64Array.of(2, -0.5, 0, 1e-3, -7)
    const shift = random.normals(5)
    const weights = diagonalWeights(scale, shift)
    await checkAffineMap({weights, matrix: diagonal(scale), bias: [...shift]}, random)
  })

  test('diagonal after diagonal is one diagonal map', async () => {
    const random = draws('diagonal after diagonal')
    const [scale, shift] = [random.normals(4), random.normals(4)]
    const [inner, innerShift] = [random.normals(4), random.normals(4)]
    const weights = diagonalWeights(scale, shift).after(diagonalWeights(inner, innerShift))
    assert.ok(weights)
    const matrix = diagonal(scale.map((s, i) => s * inner[i]!))
    const bias = Array.from(shift, (t, i) => t + scale[i]! * innerShift[i]!)
    await checkAffineMap({weights: weights!, matrix, bias}, random)
  })

  test('diagonal after dense is one dense map', async () => {
    const random = draws('diagonal after dense')
    const [scale, shift] = [random.normals(3), random.normals(3)]
    const [kernel, innerBias] = [random.normals(6), random.normals(3)]
    const weights = diagonalWeights(scale, shift).after(denseWeights(kernel, innerBias, 2))
    assert.ok(weights)
    const matrix = Array.from(scale, (s, j) => [s * kernel[j]!, s * kernel[3 + j]!])
    const bias = Array.from(shift, (t, j) => t + scale[j]! * innerBias[j]!)
    await checkAffineMap({weights: weights!, matrix, bias}, random)
  })
  test.run()
}
