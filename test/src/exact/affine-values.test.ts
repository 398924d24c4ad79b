import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import type {AffineWeights} from '../../../src/affine/affine-map.js'
import {convWeights} from '../../../src/affine/conv2d.js'
import {denseWeights} from '../../../src/affine/dense.js'
import {concatWeights, sumWeights} from '../../../src/affine/merge.js'
import {selectWeights} from '../../../src/affine/select.js'
import {affinePush, inputValues} from '../../../src/exact/affine-values.js'
import {withMap} from '../../support/affine-cases.js'
import {useBackend} from '../../support/backends.js'
import {draws} from '../../support/draw.js'
import {near} from '../../support/near.js'

const test = suite('affine values')
test.before(() => useBackend('cpu'))

const random = draws('affine values')
const conv = convWeights(random.normals(2 * 2 * 2 * 3), random.normals(3), {
  inputShape: [4, 3, 2],
  kernelShape: [2, 2, 2, 3],
  strides: [1, 1],
  dilation: [1, 1],
  padding: 'same',
})
const maps: Record<string, AffineWeights> = {
  dense: denseWeights(random.normals(5 * 4), random.normals(4), 5),
  conv,
  select: selectWeights(Int32Array.of(2, -1, 0, 2), 3),
  sum: sumWeights(3, 4, 1 / 3),
  concat: concatWeights([[2], [3]], 0),
}

for (const [name, weights] of Object.entries(maps)) {
  test(`${name}: the image of a combination is the combination of the images`, () =>
    withMap(weights, async (map) => {
      const draw = (scale: number) =>
        map.inputSizes.map((n) => random.normals(n).map((v) => v * scale))
      for (const scale of [1, 1e-9]) {
        const origins = draw(1)
        const directions = [draw(scale), draw(scale)]
        const out = affinePush(map)(
          origins.map((origin, i) => inputValues(origin, [directions[0]![i]!, directions[1]![i]!])),
        )
        const [a, b] = [0.7, -1.3]
        const moved = origins.map((origin, i) =>
          origin.map((v, j) => v + a * directions[0]![i]![j]! + b * directions[1]![i]![j]!),
        )
        const [constant, first, second] = out.columns as [Float64Array, Float64Array, Float64Array]
        const combined = constant.map((v, j) => v + a * first[j]! + b * second[j]!)
        near(combined, map.apply64(moved), {relative: 1e-14, scale: 10, label: `value at ${scale}`})
        // The gradient keeps its own digits, however small it is next to the values.
        const zeros = moved.map((x) => x.map(() => 0))
        const exact = map.apply64(directions[0]!.map((x) => x.map((v) => v / scale)))
        const bias = map.apply64(zeros)
        const linear = exact.map((v, j) => (v - bias[j]!) * scale)
        near(first, linear, {relative: 1e-13, scale, label: `gradient at ${scale}`})
      }
    }))
}

test('what cancels is zero exactly, what is small is not', async () => {
  // 0.1 + 0.2 - 0.3 is 5.6e-17 in float64.
  const kernel = Float64Array.of(0.1, 1e-12, 0.2, 0, -0.3, 0)
  await withMap(denseWeights(kernel, new Float64Array(2), 3), async (map) => {
    const ones = new Float64Array(3).fill(1)
    const {columns} = affinePush(map)([inputValues(ones, [ones])])
    assert.equal([...columns[0]!], [0, 1e-12])
    assert.equal([...columns[1]!], [0, 1e-12])
  })
})

test.run()
