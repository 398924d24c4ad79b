import * as tf from '@tensorflow/tfjs'
import {Matrix, QrDecomposition, SingularValueDecomposition} from 'ml-matrix'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {spectralNormBound} from '../../../src/affine/spectral-norm.js'
import {backends, useBackend} from '../../support/backends.js'
import {draws} from '../../support/draw.js'
import {keepsTensors} from '../../support/tensors.js'

const random = draws('spectral norm')
const gaussian = (rows: number, columns: number) =>
  new Matrix(Array.from({length: rows}, () => Array.from(random.normals(columns))))
const column = (size: number) => gaussian(size, 1)
const orthogonal = (size: number) => new QrDecomposition(gaussian(size, size)).orthogonalMatrix

const matrices: Record<string, Matrix> = {
  'random 30 x 30': gaussian(30, 30),
  'wide 3 x 90': gaussian(3, 90),
  'tall 90 x 3': gaussian(90, 3),
  'one row': gaussian(1, 40),
  'one column': gaussian(40, 1),
  'one number': gaussian(1, 1),
  'rank 1': column(40).mmul(column(25).transpose()),
  orthogonal: orthogonal(60),
  identity: Matrix.eye(64),
  'a projection': orthogonal(80)
    .mmul(Matrix.diag(Array.from({length: 80}, (_, k) => k % 2)))
    .mmul(orthogonal(80)),
  'two equal singular values': Matrix.diag([5, 5, 1e-3, 0]),
  'all entries equal': Matrix.ones(50, 20),
  'tiny entries': gaussian(20, 30).mul(1e-20),
  'huge entries': gaussian(20, 30).mul(1e18),
  'one large entry among tiny ones': withEntry(gaussian(20, 20).mul(1e-12), 7, 3, 1e6),
  'singular values over many orders': orthogonal(20)
    .mmul(Matrix.diag(Array.from({length: 20}, (_, k) => 10 ** -k)))
    .mmul(orthogonal(20)),
  'rows of many sizes': gaussian(30, 30).mulColumnVector(
    Array.from({length: 30}, (_, k) => 2 ** (k - 15)),
  ),
}

for (const backend of backends) {
  const test = suite(`spectralNormBound on ${backend}`)
  test.before(() => useBackend(backend))

  for (const [name, matrix] of Object.entries(matrices)) {
    test(name, () => isCertified(matrix))
  }

  test('a zero matrix has norm 0', async () => {
    const zeros = tf.zeros([4, 6]) as tf.Tensor2D
    assert.is(await spectralNormBound(zeros), 0)
    zeros.dispose()
  })

  test('leaves no tensor behind', async () => {
    await keepsTensors(() => isCertified(matrices.orthogonal!))
  })

  // As far as it says to be told: half a percent, and the room for rounding.
  test('a size that networks have', () =>
    isCertified(gaussian(backend === 'cpu' ? 64 : 200, 80), 0.0065))
  test.run()
}

/** Never below the largest singular value of what float32 keeps of the matrix, and at most a small share above. */
async function isCertified(matrix: Matrix, share = 0.025): Promise<void> {
  const tensor = tf.tensor2d(matrix.to2DArray())
  const kept = new Matrix((await tensor.array()) as number[][])
  const exact = new SingularValueDecomposition(kept, {autoTranspose: true}).norm2
  const bound = await spectralNormBound(tensor)
  tensor.dispose()
  assert.ok(bound >= exact, `${bound} is below ${exact}`)
  assert.ok(bound <= exact * (1 + share), `${bound} is more than ${share} above ${exact}`)
}

function withEntry(matrix: Matrix, row: number, at: number, value: number): Matrix {
  return matrix.set(row, at, value)
}
