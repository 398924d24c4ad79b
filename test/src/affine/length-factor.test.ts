import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {lengthFactor} from '../../../src/affine/length-factor.js'
import {type Draw, draws} from '../../support/draw.js'

const test = suite('lengthFactor')
const outputs = 6

/** v M for `[rows x columns]` M. */
function times(v: ArrayLike<number>, matrix: (i: number, j: number) => number, columns: number) {
  return Array.from({length: columns}, (_, j) =>
    Array.from(v).reduce((sum, vi, i) => sum + vi * matrix(i, j), 0),
  )
}

/** Rows of W as the kernel `[in x out]`. */
function kernelOf(rows: readonly Float64Array[]): Float64Array {
  return Float64Array.from({length: rows[0]!.length * rows.length}, (_, at) => {
    return rows[at % rows.length]![Math.floor(at / rows.length)]!
  })
}

const randomRows = (random: Draw, inputs = 40) =>
  Array.from({length: outputs}, () => random.normals(inputs))

test('rows keep their lengths, dependent directions too', () => {
  for (let seed = 1; seed <= 50; seed++) {
    const random = draws(seed)
    const inputs = 8 + (seed % 5)
    const rows = randomRows(random, inputs)
    // From one seed to the next the second row comes closer to the first.
    const nearness = 10 ** -(seed / 15)
    rows[1] = rows[0]!.map((w, i) => w + nearness * rows[1]![i]!)
    const factor = lengthFactor(kernelOf(rows), inputs, outputs)
    assert.ok(factor, `seed ${seed}`)
    const directions = [random.normals(outputs), Float64Array.of(1, -1, 0, 0, 0, 0)]
    for (const v of directions) {
      const exact = Math.hypot(...times(v, (i, k) => rows[i]![k]!, inputs))
      const short = Math.hypot(...times(v, (i, j) => factor![i * outputs + j]!, outputs))
      assert.ok(Math.abs(short - exact) <= 1e-6 * exact, `seed ${seed}: ${short}, not ${exact}`)
    }
  }
})

test('zero, equal and nearly dependent rows are refused', () => {
  const random = draws('dependent')
  const replaced = (row: Float64Array) => {
    const rows = randomRows(random)
    rows[4] = row
    return kernelOf(rows)
  }
  const rows = randomRows(random)
  const inputs = 40
  const near = rows[0]!.map((w) => w * (1 + 1e-6 * random.normal()))
  assert.is(lengthFactor(replaced(new Float64Array(inputs)), inputs, outputs), undefined)
  for (const row of [rows[0]!, near]) {
    const pair = [...rows.slice(0, 5), row]
    assert.is(lengthFactor(kernelOf(pair), inputs, outputs), undefined)
  }
})

test('only where W is wide', () => {
  const kernel = draws('narrow').normals(36)
  assert.is(lengthFactor(kernel, 6, 6), undefined)
  assert.is(lengthFactor(kernel, 4, 9), undefined)
})

test.run()
