import * as tf from '@tensorflow/tfjs'
import {Matrix, SingularValueDecomposition} from 'ml-matrix'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {readBalls} from '../../../src/bounds/ball.js'
import {unitReach} from '../../../src/bounds/unit-reach.js'
import type {KinkInstruction, Program} from '../../../src/program/program.js'
import {useBackend} from '../../support/backends.js'
import {draws} from '../../support/draw.js'
import {mlp64, mlpModel, randomMlp} from '../../support/mlp.js'
import {near} from '../../support/near.js'
import {evaluate} from '../../support/network64.js'
import {forRandomNetworks} from '../../support/random-network.js'
import {withProgram} from '../../support/run-forward.js'
import {run64} from '../../support/run64.js'

const test = suite('balls')
test.before(() => useBackend('cpu'))

const roundoff = 2 ** -24
const norm = (kernel: readonly (readonly number[])[]) =>
  new SingularValueDecomposition(new Matrix(kernel as number[][]), {autoTranspose: true}).norm2

for (const slope of [0, 0.2, -3]) {
  test(`slope ${slope}: reach is the product of norms and steepest slopes`, async () => {
    const mlp = randomMlp(draws('reach'), [4, 6, 5, 3], slope)
    await withProgram(mlpModel(mlp), async (program) => {
      const balls = readBalls(program, false, roundoff)
      let exact = 1
      const expected = [1]
      for (const {kernel} of mlp.layers) {
        exact *= norm(kernel)
        expected.push(exact)
        exact *= Math.max(1, Math.abs(slope))
        expected.push(exact)
      }
      const reach = await Promise.all(expected.map((_, value) => balls.reach(value)))
      expected.forEach((least, value) => {
        assert.ok(reach[value]! >= least * (1 - 1e-12), `value ${value}: below the product`)
        assert.ok(reach[value]! <= least * 1.015 ** 3, `value ${value}: far above the product`)
      })
      assert.ok(balls.scales.every((scale) => scale === undefined))
    })
  })

  test(`slope ${slope}: no unit moves faster, whether normalised or not`, async () => {
    const random = draws(`speed ${slope}`)
    const mlp = randomMlp(random, [4, 6, 5, 3], slope)
    const network = mlp64(mlp)
    await withProgram(mlpModel(mlp), async (program) => {
      for (const normalise of [false, true]) {
        const balls = readBalls(program, normalise, roundoff)
        const reach = await Promise.all(
          program.kinks.map(({input}) => unitReach(program, balls, input, () => undefined)),
        )
        for (let pair = 0; pair < 200; pair++) {
          const from = random.normals(4)
          const to = random.inBall(from, random.pick([1e-3, 1, 20]))
          const step = Math.hypot(...from.map((v, i) => v - to[i]!))
          const [before, after] = [evaluate(network, from), evaluate(network, to)]
          before.layers.forEach(({read}, l) => {
            read.forEach(([z], unit) => {
              const moved = Math.abs(z! - after.layers[l]!.read[unit]![0]!)
              const most = reach[l]![unit]! * step
              assert.ok(moved <= most * (1 + 1e-6), `layer ${l}, unit ${unit}: ${moved} of ${most}`)
            })
          })
        }
      }
    })
  })
}

test('random networks: no value moves faster than its reach', () =>
  forRandomNetworks(60, {}, ({model, inputSize}, random) =>
    withProgram(model, async (program) => {
      for (const normalise of [false, true]) {
        const balls = readBalls(program, normalise, roundoff)
        const {scales} = balls
        for (let pair = 0; pair < 10; pair++) {
          const from = random.normals(inputSize)
          const to = random.inBall(from, random.pick([1e-3, 1, 20]))
          const step = Math.hypot(...from.map((v, i) => v - to[i]!))
          const [before, after] = [run64(program, from), run64(program, to)]
          const reach = await Promise.all(before.map((_, v) => balls.reach(v)))
          before.forEach((value, v) => {
            const moved = value.map((x, i) => (x - after[v]![i]!) / (scales[v]?.[i] ?? 1))
            const most = reach[v]! * step
            const label = `${normalise ? 'normalised' : 'plain'}, value ${v}`
            assert.ok(Math.hypot(...moved) <= most * (1 + 1e-6), `${label}: ${moved} of ${most}`)
          })
        }
      }
    }),
  ))

test('a sum moves by no more than its terms do, each with its own row', async () => {
  const random = draws('sum')
  const input = tf.input({shape: [4]})
  const dense = (x: tf.SymbolicTensor, activation: 'relu' | 'linear') =>
    tf.layers.dense({units: 6, activation}).apply(x) as tf.SymbolicTensor
  const first = dense(input, 'relu')
  const sum = tf.layers.add().apply([first, dense(first, 'linear')]) as tf.SymbolicTensor
  const end = tf.layers.reLU().apply(sum) as tf.SymbolicTensor
  const model = tf.model({inputs: input, outputs: dense(end, 'relu')})
  for (const layer of model.layers) {
    layer.setWeights(
      layer
        .getWeights()
        .map(({shape, size}) => tf.tensor(Float32Array.from(random.normals(size)), shape)),
    )
  }
  await withProgram(model, async (program) => {
    const [before, after] = program.kinks as [KinkInstruction, KinkInstruction]
    for (const normalise of [false, true]) {
      const balls = readBalls(program, normalise, roundoff)
      // Of two points: of the first all units pass on, of the second only some.
      const passing = Float32Array.of(1, 1, 1, 1, 1, 1, 0, 1, 0, 0.25, 0, 0)
      const weights = (value: number) =>
        program.instructions[value - 1] === before ? passing : undefined
      const rows = await unitReach(program, balls, before.input, () => undefined)
      const inner = await unitReach(program, balls, termsOf(program, after)[1]!, weights)
      const found = await unitReach(program, balls, after.input, weights)
      const expected = passing.map((share, at) => Math.sqrt(share) * rows[at % 6]! + inner[at]!)
      near(found, expected, {relative: 1e-5})
      const whole = await balls.reach(after.input)
      const scale = balls.scales[after.input]
      assert.ok(found.every((reach, at) => reach < whole * (scale?.[at % 6] ?? 1)))
    }
  })
})

test('units that are surely off take no part', async () => {
  const random = draws('off')
  const mlp = randomMlp(random, [3, 4, 2])
  await withProgram(mlpModel(mlp), async (program) => {
    const balls = readBalls(program, false, roundoff)
    const on = Float32Array.of(1, 0, 0, 1, 0, 0, 0, 0)
    const reach = await unitReach(program, balls, program.kinks[1]!.input, (value) =>
      value === 2 ? on : undefined,
    )
    const {kernel} = mlp.layers[1]!
    const own = await balls.reach(2)
    const row = (unit: number) => Math.hypot(kernel[0]![unit]!, kernel[3]![unit]!) * own
    near(reach, [row(0), row(1), 0, 0], {relative: 1e-6})
  })
})

test('normalised reach does not depend on how a unit is scaled', async () => {
  const mlp = randomMlp(draws('scaling'), [3, 4, 2])
  const [first, second] = mlp.layers as [(typeof mlp.layers)[0], (typeof mlp.layers)[0]]
  const factors = [1e-3, 1, 7, 1e4]
  const scaled = {
    ...mlp,
    layers: [
      {
        kernel: first.kernel.map((row) => row.map((w, i) => w * factors[i]!)),
        bias: first.bias.map((b, i) => b * factors[i]!),
      },
      {kernel: second.kernel.map((row, i) => row.map((w) => w / factors[i]!)), bias: second.bias},
    ],
  }
  const reachOf = (own: typeof mlp) =>
    withProgram(mlpModel(own), async (program) => {
      const balls = readBalls(program, true, roundoff)
      return unitReach(program, balls, program.kinks[1]!.input, () => undefined)
    })
  near(await reachOf(scaled), await reachOf(mlp), {relative: 1e-5})
})

test.run()

/** The values that a layer's units are a sum of: the shortcut, and what goes round it. */
function termsOf(program: Program, {input}: KinkInstruction): readonly number[] {
  const maker = program.instructions[input - 1]!
  if (maker.kind !== 'affine') throw new Error('not a sum')
  return [...maker.inputs].sort((a, b) => a - b)
}
