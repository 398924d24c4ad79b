import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {denseWeights} from '../../../src/affine/dense.js'
import {intervalAcross} from '../../../src/bounds/interval.js'
import {withMap} from '../../support/affine-cases.js'
import {backends, useBackend} from '../../support/backends.js'
import {draws} from '../../support/draw.js'
import {near} from '../../support/near.js'

const [inputs, outputs, count] = [5, 4, 3]

for (const backend of backends) {
  const test = suite(`intervalAcross on ${backend}`)
  test.before(() => useBackend(backend))
  const random = draws('interval')
  const kernel = random.normals(inputs * outputs).map(Math.fround)
  const weights = denseWeights(kernel, random.normals(outputs), inputs)
  const radius = Float64Array.of(0.1, 2, 30)

  test('from the ball: the radius times the length of each row', () =>
    withMap(weights, async (map) => {
      const {below, above} = await intervalAcross(map, [undefined], radius, 1)
      const rows = Array.from({length: outputs}, (_, j) =>
        Math.hypot(...Array.from({length: inputs}, (_, i) => kernel[i * outputs + j]!)),
      )
      const expected = [...radius].flatMap((r) => rows.map((row) => r * row))
      near(below, expected, {relative: 1e-6})
      near(above, expected, {relative: 1e-6})
    }))

  test('from intervals: the sum of what each input can do at worst', () =>
    withMap(weights, async (map) => {
      const moves = () =>
        Float32Array.from(
          {length: count * inputs},
          () => random.pick([0, 1, 3]) * random.between(0, 1),
        )
      const input = {below: moves(), above: moves()}
      const found = await intervalAcross(map, [input], radius, 1)
      for (let p = 0; p < count; p++) {
        for (let j = 0; j < outputs; j++) {
          let [below, above] = [0, 0]
          for (let i = 0; i < inputs; i++) {
            const w = kernel[i * outputs + j]!
            const [down, up] = [input.below[p * inputs + i]!, input.above[p * inputs + i]!]
            below += w > 0 ? w * down : -w * up
            above += w > 0 ? w * up : -w * down
          }
          const at = p * outputs + j
          near([found.below[at]!, found.above[at]!], [below, above], {
            relative: 1e-5,
            scale: 1,
            label: `point ${p}, output ${j}`,
          })
        }
      }
    }))

  test('nothing moves where no input does', () =>
    withMap(weights, async (map) => {
      const still = new Float32Array(count * inputs)
      const {below, above} = await intervalAcross(map, [{below: still, above: still}], radius, 1)
      assert.ok([...below, ...above].every((move) => move === 0))
    }))
  test.run()
}
