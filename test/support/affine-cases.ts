import * as tf from '@tensorflow/tfjs'
import {Matrix, SingularValueDecomposition} from 'ml-matrix'
import * as assert from 'uvu/assert'
import type {AffineMap, AffineWeights} from '../../src/affine/affine-map.js'
import type {Draw} from './draw.js'
import {near} from './near.js'

/** A map of one input, with its matrix `[out][in]` and bias written out. */
export interface AffineCase {
  readonly weights: AffineWeights
  readonly matrix: readonly (readonly number[])[]
  readonly bias: readonly number[]
}

/** Everything that an affine map says of itself, against its matrix in plain float64 loops. */
export async function checkAffineMap(
  {weights, matrix, bias}: AffineCase,
  random: Draw,
): Promise<void> {
  const inputs = matrix[0]!.length
  const outputs = matrix.length
  const points = Array.from({length: 4}, () => Array.from(random.normals(inputs), Math.fround))
  const rows = Array.from({length: 3}, () => Array.from(random.normals(outputs), Math.fround))
  const sizes = points.map((x) => x.map(Math.abs))
  const absolute = matrix.map((row) => row.map(Math.abs))
  const times = (w: readonly (readonly number[])[], x: readonly number[]) =>
    w.map((row) => row.reduce((sum, wi, i) => sum + wi * x[i]!, 0))
  const plus = (a: readonly number[], b: readonly number[]) => a.map((v, i) => v + b[i]!)
  const transposed = Array.from({length: inputs}, (_, i) => matrix.map((row) => row[i]!))

  await withMap(weights, async (map) => {
    const through = async (
      label: string,
      run: (x: tf.Tensor2D) => tf.Tensor2D,
      given: number[][],
      expected: (x: number[]) => number[],
    ) => {
      const input = tf.tensor2d(given)
      const output = run(input)
      near(await output.data(), given.flatMap(expected), {relative: 1e-5, scale: 1, label})
      tf.dispose([input, output])
    }
    assert.equal(map.inputSizes, [inputs])
    assert.is(map.outputSize, outputs)
    await through(
      'apply',
      (x) => map.apply([x]),
      points,
      (x) => plus(times(matrix, x), bias),
    )
    await through(
      'linear',
      (x) => map.linear([x]),
      points,
      (x) => times(matrix, x),
    )
    await through(
      'absolute',
      (x) => map.absolute([x]),
      sizes,
      (x) => times(absolute, x),
    )
    await through(
      'magnitude',
      (x) => map.magnitude([x]),
      sizes,
      (x) => plus(times(absolute, x), bias.map(Math.abs)),
    )
    await through(
      'adjoint',
      (r) => map.adjoint(r)[0]!,
      rows,
      (r) => times(transposed, r),
    )
    await through(
      'weightedRowNorms',
      (w) => map.weightedRowNorms([w])[0]!,
      sizes,
      (w) => matrix.map((row) => Math.sqrt(row.reduce((sum, wi, i) => sum + wi * wi * w[i]!, 0))),
    )

    const units = Int32Array.of(outputs - 1, 0, outputs - 1)
    const [taken] = map.rows(units)
    const expectedRows = [...units].flatMap((unit) => [...matrix[unit]!])
    near(await taken!.data(), expectedRows, {relative: 1e-6, label: 'rows'})
    assert.equal(taken!.shape, [3, inputs])
    taken!.dispose()
    near(map.rowNorms[0]!, matrix.map(length), {relative: 1e-12, label: 'rowNorms'})

    for (const x of points) {
      const expected = plus(times(matrix, x), bias)
      const exact = {relative: 1e-12, scale: 1}
      near(map.apply64([Float64Array.from(x)]), expected, {...exact, label: 'apply64'})
      const each = expected.map((_, unit) => map.unit64([Float64Array.from(x)], unit))
      near(each, expected, {...exact, label: 'unit64'})
    }
    await checkBall(map, matrix, random)
  })
}

/** The scaled map S_out^-1 W S_in: its norm from above, and the lengths of its rows. */
async function checkBall(
  map: AffineMap,
  matrix: readonly (readonly number[])[],
  random: Draw,
): Promise<void> {
  const inputs = matrix[0]!.length
  const weights = Array.from({length: 2}, () =>
    Array.from({length: inputs}, () => Math.fround(random.between(0, 2))),
  )
  for (const scaled of [false, true]) {
    for (const normalise of [false, true]) {
      const label = `ball, ${scaled ? 'scaled' : 'plain'}${normalise ? ', normalised' : ''}`
      const scale = scaled ? Float64Array.from(weights[0]!, (w) => w + 0.1) : undefined
      const ball = map.ball([scale], normalise, 2 ** -24)
      const wide = matrix.map((row) => row.map((w, i) => w * (scale?.[i] ?? 1)))
      if (normalise)
        near(
          ball.outputScale!,
          wide.map((row) => length(row) || 1),
          {label},
        )
      else assert.is(ball.outputScale, undefined)
      const own = wide.map((row, j) => row.map((w) => w / (ball.outputScale?.[j] ?? 1)))
      const exact = new SingularValueDecomposition(new Matrix(own), {autoTranspose: true}).norm2
      const [norm] = (await ball.norms()) as [number]
      // A diagonal map's norm is exact, and is rounded the way that it comes.
      assert.ok(norm >= exact * (1 - 1e-12), `${label}: norm ${norm} below ${exact}`)
      assert.ok(norm <= exact * 1.015, `${label}: norm ${norm} far above ${exact}`)
      const squares = tf.tensor2d(weights)
      const [weighted] = ball.rowNorms([squares])
      const [plain] = ball.rowNorms([undefined])
      const lengths = (w: (i: number) => number) =>
        own.map((row) => Math.sqrt(row.reduce((sum, wi, i) => sum + wi * wi * w(i), 0)))
      const expected = weights.flatMap((w) => lengths((i) => w[i]!))
      near(await weighted!.data(), expected, {relative: 1e-5, scale: 1e-3, label})
      near(
        await plain!.data(),
        lengths(() => 1),
        {relative: 1e-5, scale: 1e-3, label},
      )
      assert.equal(plain!.shape, [1, matrix.length])
      tf.dispose([squares, weighted!, plain!])
    }
  }
}

const length = (row: readonly number[]) => Math.hypot(...row)

/** Builds a map, uses it and disposes of every tensor it kept; none other may be left. */
export async function withMap(
  weights: AffineWeights,
  use: (map: AffineMap) => Promise<void>,
): Promise<void> {
  const before = tf.memory().numTensors
  const kept: tf.Tensor[] = []
  const map = weights.build((tensor) => {
    kept.push(tensor)
    return tf.keep(tensor)
  })
  await use(map)
  tf.dispose(kept)
  assert.is(tf.memory().numTensors, before, 'tensors left behind')
}
