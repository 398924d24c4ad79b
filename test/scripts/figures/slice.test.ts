import {dirname} from 'node:path'
import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import type {TopLevelSpec} from 'vega-lite'
import {checkpointFolder} from '../../../scripts/experiments/checkpoint-folder.js'
import {saveCheckpoint} from '../../../scripts/experiments/checkpoints.js'
import {buildMlp} from '../../../scripts/experiments/network.js'
import {writeSlicePoints} from '../../../scripts/experiments/slice-points.js'
import {drawFigure} from '../../../scripts/figures/index.js'
import {render} from '../../../scripts/figures/render.js'
import type {Log} from '../../../storage/log.js'
import {rejects} from '../../support/rejects.js'
import {matchesSnapshot} from './snapshot.js'
import {emptyLog, syntheticRun} from './synthetic-log.js'

const test = suite('slice')
const points = [
  {index: 0, label: 3, pixels: [0, 0, 0, 0]},
  {index: 1, label: 1, pixels: [2, 0, 0, 0]},
  {index: 2, label: 4, pixels: [1, 2, 0, 0]},
]
let log: Log
let run: string

test.before(async () => {
  await tf.setBackend('cpu')
  log = await emptyLog()
  run = await syntheticRun(log, {steps: [0, 63], points: 3, shape: {depth: 2, width: 8}})
  const folder = checkpointFolder(dirname(log.path), run)
  await writeSlicePoints(folder, points)
  for (const [place, step] of [0, 63].entries()) {
    const model = buildMlp({inputs: 4, width: 8, depth: 2, classes: 3, seed: place + 1})
    // Biases that are not 0, so that lines do not all meet at the first point.
    for (const layer of model.layers) {
      const [kernel, bias] = layer.getWeights() as [tf.Tensor2D, tf.Tensor1D]
      layer.setWeights([kernel, tf.randomUniform(bias.shape, -0.5, 0.5, 'float32', place + 7)])
    }
    await saveCheckpoint(model, folder, step)
    model.dispose()
  }
})

test.after(async () => {
  await log.close()
})

interface Picture {
  readonly title: {readonly text: string; readonly subtitle: readonly string[]}
  readonly layer: readonly {
    readonly data: {readonly values: readonly {geometry: {coordinates: number[][][][]}}[]}
  }[]
}
const picturesOf = (spec: TopLevelSpec) => (spec as unknown as {concat: readonly Picture[]}).concat

const areaOf = (ring: readonly number[][]) =>
  Math.abs(
    ring.slice(1).reduce((sum, [x, y], at) => sum + ring[at]![0]! * y! - x! * ring[at]![1]!, 0) / 2,
  )

test('polygons cover the square, as many as the title says', async () => {
  const spec = await drawFigure(log, 'slice', {runs: [run]})
  const pictures = picturesOf(spec)
  assert.equal(
    pictures.map(({title}) => title.text),
    ['before the first batch', 'after epoch 1'],
  )
  for (const {title, layer} of pictures) {
    const rings = layer[0]!.data.values.flatMap(({geometry}) =>
      geometry.coordinates.map(([ring]) => ring!),
    )
    const area = rings.reduce((sum, ring) => sum + areaOf(ring), 0)
    assert.ok(Math.abs(area / 1e6 - 1) < 0.01, `${area}`)
    const said = Number(/^(\d+) regions$/.exec(title.subtitle.at(-1)!)![1])
    // Those that are smaller than the grid are counted, and not drawn.
    assert.ok(said >= rings.length && said < 1.1 * rings.length, `${said} ${rings.length}`)
    // Two layers of 8 units cut a plane into more pieces than 8 lines can leave in one.
    assert.ok(said > 8)
  }
})

test('the spec that was looked at when it was committed', async () => {
  const spec = await drawFigure(log, 'slice', {epochs: [1]})
  assert.is(picturesOf(spec).length, 1)
  matchesSnapshot('slice.vl.json', String(await render(spec, 'json')))
  assert.ok((await render(spec, 'png')).length > 1000)
})

test('saved networks may be in another folder than the log', async () => {
  const spec = await drawFigure(log, 'slice', {folder: dirname(log.path), epochs: [0]})
  assert.is(picturesOf(spec).length, 1)
  await rejects(
    drawFigure(log, 'slice', {folder: '/nowhere'}),
    'figure: slice needs networks saved',
  )
})

test('without saved networks there is nothing to draw', async () => {
  const other = await emptyLog()
  await syntheticRun(other, {steps: [0]})
  await rejects(drawFigure(other, 'slice'), 'figure: slice needs networks saved in checkpoints/')
  await other.close()
})

test.run()
