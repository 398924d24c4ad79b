import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {rowGrams} from '../../../src/bounds/flats/row-grams.js'
import type {Spread} from '../../../src/bounds/flats/spread.js'
import type {Program} from '../../../src/program/program.js'
import type {RowGrid} from '../../../src/pull/pull-back.js'
import {planOf} from '../../../src/windows/plan.js'
import {backends, useBackend} from '../../support/backends.js'
import {draws} from '../../support/draw.js'
import {near} from '../../support/near.js'
import {withProgram} from '../../support/run-forward.js'
import {keepsTensors} from '../../support/tensors.js'

const {layers} = tf
const conv = (filters: number, options = {}) =>
  layers.conv2d({filters, kernelSize: 3, activation: 'relu', padding: 'same', ...options})
const networks = {
  'small windows': () => [
    conv(2, {inputShape: [16, 15, 2]}),
    conv(3, {strides: 2}),
    conv(2, {padding: 'valid'}),
  ],
  'windows that grow to the whole image': () => [
    conv(2, {inputShape: [6, 5, 1]}),
    conv(3),
    conv(2, {strides: 2}),
  ],
}

for (const backend of backends) {
  const test = suite(`grams of windows on ${backend}`)
  test.before(() => useBackend(backend))

  for (const [name, build] of Object.entries(networks)) {
    test(`${name}: products are those of rows on whole images`, async () => {
      const random = draws(name)
      const model = tf.sequential({layers: build()})
      await keepsTensors(() =>
        withProgram(model, async (program) => {
          const sizes = program.kinks.map(({units}) => units)
          const secants = sizes.map((units) => ({
            slope: Float32Array.from(random.normals(3 * units)),
            halfWidth: undefined,
            gap: new Float32Array(3 * units),
          }))
          // About half of the units bend; nothing of the second layer is left beside its secants.
          const spread = sizes.map((units, layer) =>
            sparse(random.normals(3 * units).map((v) => (layer === 1 ? 0 : Math.max(0, v)))),
          )
          for (const layer of [1, 2]) {
            assert.ok(planOf(program, layer))
            const grid: RowGrid = {
              layer,
              points: Int32Array.of(2, 0),
              first: Int32Array.from({length: 24}, () => random.whole(0, sizes[layer]! - 1)),
              second: undefined,
              signs: new Float32Array(24).fill(1),
              rowsPerPoint: 12,
            }
            const scales = Float32Array.of(0.5, 2)
            const found = await rowGrams(program, grid, secants, spread, scales)
            const whole = withoutPatches(program)
            assert.is(planOf(whole, layer), undefined)
            const expected = await rowGrams(whole, grid, secants, spread, scales)
            assert.is(found.length, 2)
            assert.is(expected.length, 2)
            const part = (grams: Float32Array[]) => grams.flatMap(lowerTriangles)
            const scale = Math.max(...part(expected))
            near(part(found), part(expected), {relative: 1e-5, scale, label: `layer ${layer}`})
            // Rows that only fill up may be left out; products of whole images are made of all rows.
            const fewer = await rowGrams(program, grid, secants, spread, scales, [12, 7])
            let leftOut = 0
            fewer.forEach((values, k) => {
              values.forEach((value, at) => {
                const [point, row, other] = [at / 144, (at % 144) / 12, at % 12].map(Math.floor)
                const matters = other! <= row! && (point === 0 || row! < 7)
                if (value === found[k]![at]) return
                assert.not(matters, `layer ${layer}, ${at}`)
                assert.is(value, 0)
                leftOut++
              })
            })
            assert.ok(name !== 'small windows' || leftOut > 0)
          }
        }),
      )
      model.dispose()
    })
  }

  test.run()
}

/** Of two points' 12 rows. */
function lowerTriangles(grams: Float32Array): number[] {
  return [...grams].filter((_, at) => at % 12 <= Math.floor((at % 144) / 12))
}

/** Weights of three points' units, of which those above 0 are listed. */
function sparse(weights: Float64Array): Spread {
  const places = [...weights.keys()].filter((at) => weights[at]! > 0)
  const units = weights.length / 3
  return {
    starts: Int32Array.from(
      [0, 1, 2, 3],
      (point) => places.filter((at) => at < point * units).length,
    ),
    units: Int32Array.from(places, (at) => at % units),
    weights: Float32Array.from(places, (at) => weights[at]!),
  }
}

/** The same program, whose maps know no windows. */
function withoutPatches(program: Program): Program {
  const instructions = program.instructions.map((item) => {
    if (item.kind === 'kink') return item
    const {patches, ...map} = item.map
    return {...item, map}
  })
  return {...program, instructions}
}
