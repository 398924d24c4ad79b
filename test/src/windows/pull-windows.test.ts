import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {readBalls} from '../../../src/bounds/ball.js'
import {type Forward, numbersOf, runForward} from '../../../src/forward/forward.js'
import {float32Roundoff} from '../../../src/forward/rounding.js'
import type {Lines} from '../../../src/kinks/kink.js'
import {type Norm, norms} from '../../../src/options.js'
import {readPoints} from '../../../src/points.js'
import type {Program} from '../../../src/program/program.js'
import {pullBack} from '../../../src/pull/pull-back.js'
import {packRows, type WantedRow} from '../../../src/pull/row-grids.js'
import {planOf} from '../../../src/windows/plan.js'
import {pullWindows} from '../../../src/windows/pull-windows.js'
import {backends, useBackend} from '../../support/backends.js'
import {type Draw, draws} from '../../support/draw.js'
import {near} from '../../support/near.js'
import {withProgram} from '../../support/run-forward.js'
import {keepsTensors} from '../../support/tensors.js'

type Value = tf.SymbolicTensor

const {layers} = tf
const conv = (filters: number, kernelSize: number | [number, number], options = {}) =>
  layers.conv2d({filters, kernelSize, padding: 'same', ...options})
const relu = () => layers.reLU()
const through = (x: Value, ...own: tf.layers.Layer[]) =>
  own.reduce((value, layer) => layer.apply(value) as Value, x)
const add = (...values: Value[]) => layers.add().apply(values) as Value

/** Each network, and how many of its layers have rows that are windows all the way. */
const networks: Record<string, [build: (x: Value) => Value, planned: number]> = {
  'convolutions of stride 1': [
    (x) => {
      const deep = through(x, conv(3, 3), relu(), conv(2, 3), relu(), conv(2, 3), relu())
      return through(deep, conv(2, 3), relu())
    },
    4,
  ],
  'two convolutions with no kink between them': [
    (x) => through(x, conv(2, 3), conv(3, 3), relu(), conv(2, [3, 2]), conv(2, 3), relu()),
    2,
  ],
  'strides and no padding': [
    (x) =>
      through(
        x,
        conv(3, [3, 2], {strides: [1, 2]}),
        relu(),
        conv(2, 3, {strides: 2, padding: 'valid'}),
        layers.leakyReLU({alpha: 0.3}),
        conv(3, 2),
        relu(),
      ),
    3,
  ],
  'a dilation, and a stride longer than the window': [
    (x) =>
      through(
        x,
        conv(2, 3, {dilationRate: 2}),
        relu(),
        conv(2, 1, {strides: 2}),
        relu(),
        conv(2, 2),
        relu(),
      ),
    3,
  ],
  'a depthwise convolution and a normalisation behind a kink': [
    (x) =>
      through(
        x,
        conv(2, 3),
        relu(),
        layers.batchNormalization(),
        layers.leakyReLU({alpha: 0.2}),
        layers.depthwiseConv2d({kernelSize: 3, padding: 'same', depthMultiplier: 2}),
        relu(),
        conv(2, 3, {padding: 'valid'}),
        relu(),
      ),
    4,
  ],
  'residual blocks': [
    (x) => {
      const stem = through(x, conv(2, 3), relu())
      const same = through(add(through(stem, conv(2, 3), relu(), conv(2, 3)), stem), relu())
      const halved = through(same, conv(3, 3, {strides: 2}), relu(), conv(3, 3))
      return through(add(through(same, conv(3, 1, {strides: 2})), halved), relu())
    },
    5,
  ],
  'a sum of two images that move apart': [
    (x) => {
      const wide = through(x, conv(2, 3, {padding: 'valid'}), relu())
      const [left, right] = [through(wide, conv(2, [1, 3])), through(wide, conv(2, [3, 1]))]
      return through(add(left, right), relu(), conv(2, 3), relu())
    },
    3,
  ],
  'an image no wider than a window': [
    (x) => {
      const small = through(x, conv(2, 3, {strides: 6}), relu())
      return through(add(through(small, conv(2, [1, 2])), small), relu(), conv(2, [1, 2]), relu())
    },
    3,
  ],
  'maximum pools, their windows apart and overlapping': [
    (x) =>
      through(
        x,
        conv(3, 3),
        relu(),
        layers.maxPooling2d({poolSize: 2}),
        layers.leakyReLU({alpha: 0.4}),
        conv(2, 2),
        relu(),
        layers.maxPooling2d({poolSize: 3, strides: [1, 2], padding: 'same'}),
        conv(2, 2),
        relu(),
      ),
    5,
  ],
  'an average pool, which knows no windows': [
    (x) =>
      through(x, conv(3, 3), relu(), layers.averagePooling2d({poolSize: 2}), conv(2, 2), relu()),
    1,
  ],
  'a dense layer on the channels, whose pixels are one line': [
    (x) => through(x, layers.dense({units: 3}), conv(3, 3), conv(2, 3), relu(), conv(2, 3), relu()),
    0,
  ],
  'dense layers behind': [
    (x) =>
      through(
        x,
        conv(2, 3),
        relu(),
        conv(2, 3),
        relu(),
        layers.flatten(),
        layers.dense({units: 4}),
        relu(),
      ),
    2,
  ],
}

const count = 3

for (const backend of backends) {
  const test = suite(`pullWindows on ${backend}`)
  test.before(() => useBackend(backend))

  for (const [name, [build, planned]] of Object.entries(networks)) {
    test(`${name}: rows say what those on whole images say`, () =>
      withForward(name, build, async (program, forward, random) => {
        const plans = program.kinks.map(({layer}) => planOf(program, layer))
        assert.is(plans.filter(Boolean).length, planned)
        const bent = forward.kinks.map((kinks) =>
          kinks.lines(randomDeviations(random, kinks.center.length)),
        )
        assert.ok(bent.some((lines) => lines.bent))
        const tangents = forward.kinks.map((kinks) => kinks.tangents())
        for (const {layer} of program.kinks) {
          const wanted = randomRows(random, forward, layer)
          for (const [lines, norm] of [
            [bent, 'l2'],
            [tangents, 'l2'],
            [tangents, 'linf'],
          ] as const) {
            const expected = await onWholeImages(program, forward, layer, wanted, lines, norm)
            for (const memory of [2 ** 24, 4000]) {
              const found = await inWindows(program, forward, layer, wanted, lines, norm, memory)
              if (!plans[layer]) assert.is(found, undefined)
              else near(found!, expected, {relative: 1e-5, scale: 1e-3, label: `layer ${layer}`})
            }
          }
        }
      }))
  }

  for (const norm of norms) {
    test(`${norm}: rows are dropped only where they are no longer than was said`, () =>
      withForward('residual blocks', networks['residual blocks']![0], async (program, forward) => {
        const balls = readBalls(program, false, float32Roundoff)
        const tangents = forward.kinks.map((kinks) => kinks.tangents())
        const random = draws('pruning')
        const limit = 20
        // Of one row at a time all may be dropped.
        const memory = norm === 'l2' ? 2 ** 24 : 4000
        let dropped = 0
        for (const layer of [2, 3, 4]) {
          const wanted = randomRows(random, forward, layer)
          const longest = new Map<WantedRow, number>()
          const enough = (row: WantedRow, most: number) => {
            const before = longest.get(row)
            longest.set(row, most)
            // No longer than it seemed further up, but for rounding and norms that are bounded from above.
            assert.ok(before === undefined || most <= before * 1.05, `${most} after ${before}`)
            return most < limit
          }
          const all = await onWholeImages(program, forward, layer, wanted, tangents, 'l2')
          const taken = new Map<WantedRow, number>()
          const kinks = forward.kinks[layer]!
          const take = (row: WantedRow, _: number, length: number) => void taken.set(row, length)
          const pruning = {reach: balls.reach, enough}
          await pullWindows({
            program,
            layer,
            kinks,
            wanted,
            lines: tangents,
            norm,
            memory,
            pruning,
            take,
          })
          wanted.forEach((row, k) => {
            assert.ok(all[2 * k + 1]! <= longest.get(row)!, `row ${k}: ${longest.get(row)}`)
            assert.is(taken.has(row), longest.get(row)! >= limit)
            if (taken.has(row) && norm === 'l2') {
              near([taken.get(row)!], [all[2 * k + 1]!], {relative: 1e-5})
            }
          })
          dropped += wanted.length - taken.size
        }
        assert.ok(dropped > 5 && dropped < 115, `${dropped}`)
      }))
  }

  test.run()
}

async function withForward(
  name: string,
  build: (x: Value) => Value,
  use: (program: Program, forward: Forward, random: Draw) => Promise<void>,
): Promise<void> {
  const random = draws(name)
  const shape = [13, 12, 2]
  const input = tf.input({shape})
  const model = tf.model({inputs: input, outputs: build(input)})
  for (const layer of model.layers) {
    layer.setWeights(
      layer.weights.map(({name: own, shape: lengths}) => {
        const size = lengths.reduce<number>((a, b) => a * b!, 1)
        const positive = own.includes('variance')
        const values = Float32Array.from(random.normals(size), (v) =>
          positive ? 0.5 + Math.abs(v) : 0.5 * v,
        )
        return tf.tensor(values, lengths as number[])
      }),
    )
  }
  await keepsTensors(() =>
    withProgram(model, async (program) => {
      const numbers = Float32Array.from(random.normals(count * 13 * 12 * 2))
      const x = tf.tensor(numbers, [count, ...shape])
      const points = await readPoints('points', x, shape)
      x.dispose()
      const forward = await runForward(program, points, float32Roundoff, 2 ** 24)
      await use(program, forward, random)
    }),
  )
  model.dispose()
}

function randomDeviations(random: Draw, size: number) {
  const values = () => Float32Array.from(random.normals(size), (v) => Math.abs(v))
  return {below: values(), above: values()}
}

function randomRows(random: Draw, {kinks}: Forward, layer: number): WantedRow[] {
  const {forms} = kinks[layer]!
  return Array.from({length: 40}, () => {
    const point = random.whole(0, count - 1)
    return {point, at: point * forms + random.whole(0, forms - 1), sign: random.pick([1, -1])}
  })
}

/** Slack and length of each wanted row, one after the other. */
async function onWholeImages(
  program: Program,
  {kinks}: Forward,
  layer: number,
  wanted: readonly WantedRow[],
  lines: readonly Lines[],
  norm: Norm,
): Promise<number[]> {
  const found = new Array<number>(2 * wanted.length)
  for (const {grid, rows, places} of packRows(layer, kinks[layer]!, wanted, 1000)) {
    const {slack, length} = await pullBack(program, grid, lines, norm)
    rows.forEach((row, k) => {
      found[2 * wanted.indexOf(row)] = slack[places[k]!]!
      found[2 * wanted.indexOf(row) + 1] = length[places[k]!]!
    })
  }
  return found
}

async function inWindows(
  program: Program,
  {kinks}: Forward,
  layer: number,
  wanted: readonly WantedRow[],
  lines: readonly Lines[],
  norm: Norm,
  memory: number,
): Promise<number[] | undefined> {
  const found = new Array<number>(2 * wanted.length)
  const take = (row: WantedRow, slack: number, length: number) => {
    found[2 * wanted.indexOf(row)] = slack
    found[2 * wanted.indexOf(row) + 1] = length
  }
  const kink = kinks[layer]!
  assert.is(numbersOf(program.kinks[layer]!) * count, kink.center.length)
  const pulled = await pullWindows({program, layer, kinks: kink, wanted, lines, norm, memory, take})
  return pulled ? found : undefined
}
