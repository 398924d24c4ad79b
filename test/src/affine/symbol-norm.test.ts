import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {symbolNormBound} from '../../../src/affine/symbol-norm.js'
import {backends, useBackend} from '../../support/backends.js'
import {draws} from '../../support/draw.js'
import {geometryOf, type Sides, symbolNormAt} from '../../support/symbol.js'
import {keepsTensors} from '../../support/tensors.js'

/** Window, strides and channels; how far above the norm on an image without edges the bound may be. */
const cases: Record<string, [window: Sides, strides: Sides, channels: Sides, slack: number]> = {
  'one pixel': [[1, 1], [1, 1], [4, 6], 1.03],
  'three by three': [[3, 3], [1, 1], [3, 5], 1.07],
  'fewer channels out than in': [[3, 3], [1, 1], [5, 2], 1.07],
  'a stride': [[3, 3], [2, 2], [3, 4], 1.07],
  'a stride longer than the window': [[1, 2], [2, 3], [3, 4], 1.05],
  'strides that differ': [[4, 3], [3, 1], [2, 4], 1.07],
  'a row': [[1, 7], [1, 1], [2, 3], 1.05],
}

for (const backend of backends) {
  const test = suite(`symbolNormBound on ${backend}`)
  test.before(() => useBackend(backend))

  for (const [name, [window, strides, channels, slack]] of Object.entries(cases)) {
    test(`${name}: at least the norm at every frequency, and not far above`, async () => {
      const random = draws(name)
      const geometry = geometryOf(window, strides, channels)
      const kernel = random.normals(window[0] * window[1] * channels[0] * channels[1])
      const bound = (await keepsTensors(() => symbolNormBound(kernel, geometry, 2 ** -24)))!
      let largest = 0
      for (let k = 0; k < 400; k++) {
        const at = [random.between(0, 2 * Math.PI), random.between(0, 2 * Math.PI)] as const
        largest = Math.max(largest, symbolNormAt(kernel, geometry, at))
      }
      assert.ok(bound >= largest, `${bound} below ${largest}`)
      // 400 frequencies miss the largest by a few percent.
      assert.ok(bound <= largest * slack * 1.04, `${bound} far above ${largest}`)
    })
  }

  test('a norm that is largest between the frequencies that are looked at', async () => {
    // 1 + e^(i (t - s)) is 2 at s alone.
    const shift = Math.PI / 8
    const geometry = geometryOf([1, 2], [1, 1], [2, 2])
    const [c, s] = [Math.cos(shift), Math.sin(shift)]
    const kernel = Float64Array.of(1, 0, 0, 1, c, s, -s, c)
    const bound = (await symbolNormBound(kernel, geometry, 2 ** -24))!
    assert.ok(bound >= 2 && bound < 2.05, `${bound}`)
  })

  test('zeros, and numbers whose squares leave float32', async () => {
    const geometry = geometryOf([3, 3], [1, 1], [2, 2])
    assert.is(await symbolNormBound(new Float64Array(36), geometry, 2 ** -24), 0)
    const kernel = draws('size').normals(36)
    const [one, small, large] = await Promise.all(
      [1, 1e-25, 1e25].map((size) =>
        symbolNormBound(
          kernel.map((w) => w * size),
          geometry,
          2 ** -24,
        ),
      ),
    )
    assert.ok(Math.abs(small! / 1e-25 / one! - 1) < 1e-5, `${small}`)
    assert.ok(Math.abs(large! / 1e25 / one! - 1) < 1e-5, `${large}`)
  })

  test('many channels would take too long', async () => {
    const geometry = geometryOf([3, 3], [1, 1], [512, 512])
    const kernel = new Float64Array(9 * 512 * 512)
    assert.is(await symbolNormBound(kernel, geometry, 2 ** -24), undefined)
  })

  test.run()
}
