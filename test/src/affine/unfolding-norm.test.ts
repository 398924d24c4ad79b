import {Matrix, SingularValueDecomposition} from 'ml-matrix'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {unfoldingNormBound} from '../../../src/affine/unfolding-norm.js'
import {backends, useBackend} from '../../support/backends.js'
import {draws} from '../../support/draw.js'
import {geometryOf, type Sides, symbolNormAt} from '../../support/symbol.js'
import {keepsTensors} from '../../support/tensors.js'

/** Window, strides and channels. */
const cases: Record<string, [window: Sides, strides: Sides, channels: Sides]> = {
  'one pixel': [
    [1, 1],
    [1, 1],
    [4, 6],
  ],
  'three by three': [
    [3, 3],
    [1, 1],
    [3, 5],
  ],
  'fewer channels out than in': [
    [3, 3],
    [1, 1],
    [5, 2],
  ],
  'a stride': [
    [3, 3],
    [2, 2],
    [3, 4],
  ],
  'a row': [
    [1, 5],
    [1, 1],
    [2, 3],
  ],
  'a column': [
    [5, 1],
    [1, 1],
    [2, 3],
  ],
}

/** How an unfolding puts the tap (i, j) from channel p to channel q into rows and columns: the four of the paper. */
type Tap = {i: number; j: number; p: number; q: number}
const unfoldings: [rows: (keyof Tap)[], columns: (keyof Tap)[]][] = [
  [['q'], ['p', 'i', 'j']],
  [['p'], ['q', 'i', 'j']],
  [
    ['q', 'i'],
    ['p', 'j'],
  ],
  [
    ['q', 'j'],
    ['p', 'i'],
  ],
]

for (const backend of backends) {
  const test = suite(`unfoldingNormBound on ${backend}`)
  test.before(() => useBackend(backend))

  for (const [name, [window, strides, channels]] of Object.entries(cases)) {
    const geometry = geometryOf(window, strides, channels)
    const length = geometry.taps * channels[0] * channels[1]

    test(`${name}: that of the least unfolding`, async () => {
      const kernel = draws(name).normals(length)
      const bound = await keepsTensors(() => unfoldingNormBound(kernel, geometry, 2 ** -24))
      const least = Math.min(
        ...unfoldings.map((sides) => unfoldedNorm(kernel, window, channels, sides)),
      )
      const expected = Math.sqrt(geometry.taps) * least
      assert.ok(bound >= expected, `${bound} below ${expected}`)
      assert.ok(bound <= expected * 1.01, `${bound} far above ${expected}`)
    })

    test(`${name}: at least the norm at every frequency`, async () => {
      const random = draws(`${name}, waves`)
      const kernel = random.normals(length)
      const bound = await unfoldingNormBound(kernel, geometry, 2 ** -24)
      for (let k = 0; k < 100; k++) {
        const at = [random.between(0, 2 * Math.PI), random.between(0, 2 * Math.PI)] as const
        const norm = symbolNormAt(kernel, geometry, at)
        assert.ok(bound >= norm, `${bound} below ${norm}`)
      }
    })
  }

  // A permutation matrix, of norm 1, in one unfolding, and larger in the others.
  const leastOf: [Sides, (tap: Tap) => boolean][] = [
    [[2, 8], ({i, j, p, q}) => q === (i * 2 + j) * 2 + p],
    [[8, 2], ({i, j, p, q}) => p === (i * 2 + j) * 2 + q],
    [[2, 2], ({i, j, p, q}) => q === j && i === p],
    [[2, 2], ({i, j, p, q}) => q === i && j === p],
  ]
  leastOf.forEach(([channels, isOne], which) => {
    test(`a kernel of which only unfolding ${which + 1} is short`, async () => {
      const window = [2, 2] as const
      const kernel = kernelOf(window, channels, (tap) => (isOne(tap) ? 1 : 0))
      unfoldings.forEach((sides, k) => {
        const norm = unfoldedNorm(kernel, window, channels, sides)
        assert.ok(k === which ? Math.abs(norm - 1) < 1e-9 : norm > 1.4, `${k}: ${norm}`)
      })
      const geometry = geometryOf(window, [1, 1], channels)
      const bound = await unfoldingNormBound(kernel, geometry, 2 ** -24)
      assert.ok(bound >= 2 && bound <= 2.02, `${bound}`)
    })
  })

  test('many channels: the unfoldings with long sides are passed over', async () => {
    const channels = [192, 192] as const
    const geometry = geometryOf([3, 3], [1, 1], channels)
    const [kernel, scale] = [new Float64Array(9 * 192 * 192), Math.sqrt(9)]
    // The identity at one tap: of norm 1 in each unfolding.
    for (let a = 0; a < 192; a++) kernel[(4 * 192 + a) * 192 + a] = 1
    const bound = await unfoldingNormBound(kernel, geometry, 2 ** -24)
    assert.ok(bound >= scale && bound <= scale * 1.01, `${bound}`)
  })

  test('zeros', async () => {
    const geometry = geometryOf([3, 3], [1, 1], [2, 2])
    assert.is(await unfoldingNormBound(new Float64Array(36), geometry, 2 ** -24), 0)
  })

  test.run()
}

/** Entries `[height, width, in, out]`. */
function kernelOf(window: Sides, channels: Sides, weightOf: (tap: Tap) => number): Float64Array {
  const values: number[] = []
  for (let i = 0; i < window[0]; i++) {
    for (let j = 0; j < window[1]; j++) {
      for (let p = 0; p < channels[0]; p++) {
        for (let q = 0; q < channels[1]; q++) values.push(weightOf({i, j, p, q}))
      }
    }
  }
  return Float64Array.from(values)
}

/** The largest singular value of an unfolding. */
function unfoldedNorm(
  kernel: Float64Array,
  window: Sides,
  channels: Sides,
  [rows, columns]: (typeof unfoldings)[number],
): number {
  const lengths = {i: window[0], j: window[1], p: channels[0], q: channels[1]}
  const size = (axes: (keyof Tap)[]) => axes.reduce((product, axis) => product * lengths[axis], 1)
  const place = (axes: (keyof Tap)[], tap: Tap) =>
    axes.reduce((at, axis) => at * lengths[axis] + tap[axis], 0)
  const matrix = Matrix.zeros(size(rows), size(columns))
  let at = 0
  kernelOf(window, channels, (tap) => {
    matrix.set(place(rows, tap), place(columns, tap), kernel[at++]!)
    return 0
  })
  return new SingularValueDecomposition(matrix, {autoTranspose: true}).norm2
}
