import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import type {Lines} from '../../../src/kinks/kink.js'
import type {Program} from '../../../src/program/program.js'
import {gathersFast} from '../../../src/pull/gathers-fast.js'
import {type RowGrid, type Swept, sweep} from '../../../src/pull/pull-back.js'
import {meetsNoMoreLines, seedRows} from '../../../src/pull/seed-rows.js'
import {backends, useBackend} from '../../support/backends.js'
import {type Draw, draws} from '../../support/draw.js'
import {mlpModel, randomMlp} from '../../support/mlp.js'
import {near} from '../../support/near.js'
import {withProgram} from '../../support/run-forward.js'

const widths = [5, 7, 6, 9]
const points = 4

for (const backend of backends) {
  const test = suite(`seedRows on ${backend}`)
  test.before(() => useBackend(backend))

  for (const [name, bent, subtracts, rowsPerPoint] of [
    ['bent lines', true, false, 5],
    ['straight lines', false, false, 5],
    ['forms that subtract', true, true, 5],
    // So many are gathered by backends that do so fast.
    ['many rows', true, false, 600],
    ['many forms that subtract', true, true, 600],
  ] as const) {
    test(`${name}: rows that pass a kink on the host are those that pass it on the backend`, () =>
      withProgram(mlpModel(randomMlp(draws(1), widths)), async (program) => {
        const random = draws(name)
        const lines = widths.slice(1).map((units) => crossed(random, units, bent))
        const grid = randomGrid(random, 2, widths[3]!, subtracts, rowsPerPoint)
        // Rows that have passed the kink start from the numbers that it reads.
        assert.is(seedRows(program, grid, lines).value, gathersFast(grid.first.length) ? 5 : 3)
        const own = await readSwept(sweep(program, grid, lines, false))
        // What taps the rows is shown every kink.
        let shown = 0
        const onBackend = await readSwept(sweep(program, grid, lines, false, () => shown++))
        assert.is(shown, 2)
        near(own.rows, onBackend.rows, {relative: 1e-5, scale: 1})
        near(own.slack, onBackend.slack, {relative: 1e-5, scale: 1})
        assert.is(
          own.slack.some((slack) => slack > 0),
          bent,
        )
      }))
  }

  test('a convolution: its few entries pass one by one', () =>
    withProgram(convolutional(), async (program) => {
      const random = draws('convolution')
      const sizes = [5 * 5 * 2, 4 * 4 * 3]
      const lines = sizes.map((units) => crossed(random, units))
      for (const subtracts of [false, true]) {
        const grid = randomGrid(random, 1, sizes[1]!, subtracts)
        assert.is(seedRows(program, grid, lines).value, 1)
        const onHost = await readSwept(sweep(program, grid, lines, false))
        const onBackend = await readSwept(sweep(program, grid, lines, false, () => {}))
        near(onHost.rows, onBackend.rows, {relative: 1e-5, scale: 1})
        near(onHost.slack, onBackend.slack, {relative: 1e-5, scale: 1})
      }
    }))

  test('only the second of several dense layers meets no more lines after the host', () =>
    withProgram(mlpModel(randomMlp(draws(2), widths)), (program: Program) => {
      assert.equal(
        program.kinks.map(({layer}) => meetsNoMoreLines(program, layer, 20)),
        [false, true, false],
      )
    }))

  test.run()
}

function randomGrid(
  random: Draw,
  layer: number,
  numbers: number,
  subtracts: boolean,
  rowsPerPoint = 5,
): RowGrid {
  const size = points * rowsPerPoint
  const place = () => Int32Array.from({length: size}, () => random.whole(0, numbers - 1))
  return {
    layer,
    // Neither all points nor in their order.
    points: Int32Array.of(3, 0, 5, 3),
    first: place(),
    second: subtracts ? place() : undefined,
    signs: Float32Array.from({length: size}, () => random.pick([1, -1])),
    rowsPerPoint,
  }
}

/** Lines of six points; half of the units have one. */
function crossed(random: Draw, size: number, differ = true): Lines {
  const values = () => Float32Array.from(random.normals(6 * size))
  const open = Array.from({length: 6 * size}, () => differ && random.pick([true, false]))
  const lower = values()
  const other = values()
  const gaps = () => values().map((gap, at) => (open[at] ? Math.abs(gap) : 0))
  return {
    lowerSlope: lower,
    upperSlope: lower.map((slope, at) => (open[at] ? other[at]! : slope)),
    lowerGap: gaps(),
    upperGap: gaps(),
    bent: differ,
  }
}

function convolutional(): tf.LayersModel {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({filters: 2, kernelSize: 2, inputShape: [6, 6, 1], activation: 'relu'}),
      tf.layers.conv2d({filters: 3, kernelSize: 2, activation: 'relu'}),
      tf.layers.flatten(),
      tf.layers.dense({units: 1}),
    ],
  })
  const random = draws('weights')
  for (const layer of model.layers) {
    layer.setWeights(
      layer
        .getWeights()
        .map(({shape, size}) => tf.tensor(Float32Array.from(random.normals(size)), shape)),
    )
  }
  return model
}

async function readSwept({slack, atInput}: Swept) {
  const rows = await (atInput as tf.Tensor).data()
  return {rows, slack: slack ? await slack.data() : new Float32Array(rows.length)}
}
