import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {boundLayers} from '../../../src/bounds/bound-layers.js'
import {type Forward, runForward} from '../../../src/forward/forward.js'
import {float32Roundoff, roundingFactor} from '../../../src/forward/rounding.js'
import type {Deviations, Lines} from '../../../src/kinks/kink.js'
import {readPoints} from '../../../src/points.js'
import type {Program} from '../../../src/program/program.js'
import {pullRows} from '../../../src/pull/pull-rows.js'
import type {WantedRow} from '../../../src/pull/row-grids.js'
import type {SideRows} from '../../../src/push/crown-rows.js'
import {pushedLayers} from '../../../src/push/pushed-layers.js'
import {readNetwork} from '../../../src/read-network.js'
import {backends, useBackend} from '../../support/backends.js'
import {type Draw, draws} from '../../support/draw.js'
import {mlpModel, randomMlp} from '../../support/mlp.js'
import {near} from '../../support/near.js'
import {withProgram} from '../../support/run-forward.js'

const memory = 2 ** 26

const unkept = 'numbers whose squares leave float32'

for (const backend of backends) {
  const test = suite(`pushedLayers on ${backend}`)
  test.before(() => useBackend(backend))

  const networks: Record<string, () => tf.LayersModel> = {
    'a wide first layer': () => mlpModel(randomMlp(draws(1), [40, 12, 10, 8, 9])),
    'a narrow first layer': () => mlpModel(randomMlp(draws(2), [3, 12, 10, 8, 9])),
    'equal rows in the first layer': () =>
      mlpModel(withEqualRows(randomMlp(draws(3), [9, 5, 6, 7]))),
    'a leaky slope': () => mlpModel(randomMlp(draws(4), [6, 8, 9, 7], 0.2)),
    'a slope below 0': () => mlpModel(randomMlp(draws(5), [6, 8, 9, 7], -0.5)),
    'a slope above 1': () => mlpModel(randomMlp(draws(6), [6, 8, 9, 7], 1.5)),
    'two kinks a unit': () => clipped(draws(7)),
    convolutions: () => convolutional(draws(8)),
    [unkept]: () => mlpModel(scaled(randomMlp(draws(9), [20, 8, 7, 6]), 1e-13)),
  }
  for (const [name, build] of Object.entries(networks)) {
    test(`${name}: every row is what pulling it back gives`, () =>
      onNetwork(build(), draws(name), async ({program, forward, lines, count, random}) => {
        const pushed = pushedLayers(program, lines, count, memory)
        assert.ok(pushed)
        for (const {layer} of program.kinks.slice(1)) {
          const {center} = forward.kinks[layer]!
          for (let again = 0; again < 2; again++) {
            const signs = Float32Array.from(center, () => random.pick([1, -1]))
            const [found] = (await pushed.rows(layer, [signs])) as [SideRows]
            const {slack, length} = await pulled(program, forward, lines, layer, signs)
            nearWhereKept(found.length, length, name === unkept ? 1 : 0.25, {
              relative: 2e-6,
              scale: Math.max(...length),
              label: `layer ${layer} length`,
            })
            // Of what is kept each length has its digits, unless it is much shorter than others.
            nearWhereKept(found.length, length, 1, {
              relative: 5e-6,
              scale: Math.max(...length) / 100,
              label: `layer ${layer} digits`,
            })
            const largest = Math.max(...slack)
            near(found.slack, slack, {
              relative: 2e-6,
              scale: largest,
              label: `layer ${layer} slack`,
            })
          }
        }
        pushed.dispose()
      }))
  }

  test('on balls of any size it differs by less than the room that bounds have for rounding', async () => {
    for (const share of [0.1, 1, 10]) {
      const widths = [20, 32, 32, 32, 32]
      await onNetwork(
        mlpModel(randomMlp(draws(19), widths)),
        draws(`share ${share}`),
        async ({program, forward, lines, count}) => {
          const pushed = pushedLayers(program, lines, count, memory)!
          for (const {layer} of program.kinks.slice(1)) {
            const signs = new Float32Array(forward.kinks[layer]!.center.length).fill(1)
            const [found] = (await pushed.rows(layer, [signs])) as [SideRows]
            const {slack, length} = await pulled(program, forward, lines, layer, signs)
            const reach = (own: {slack: ArrayLike<number>; length: ArrayLike<number>}) =>
              Float32Array.from(signs, (_, at) => own.slack[at]! + own.length[at]!)
            const room = roundingFactor(Math.max(...widths) + 1, float32Roundoff)
            const expected = reach({slack, length})
            nearWhereKept(reach(found), expected, 0.1, {relative: room / 2, label: `${share}`})
          }
          pushed.dispose()
        },
        share,
      )
    }
  })

  test('a layer may be passed over, and asked for again', () =>
    onNetwork(mlpModel(randomMlp(draws(10), [20, 8, 7, 6, 5])), draws(11), async (own) => {
      const {program, forward, lines, count} = own
      const pushed = pushedLayers(program, lines, count, memory)!
      for (const sign of [1, -1]) {
        const signs = new Float32Array(forward.kinks[3]!.center.length).fill(sign)
        const [found] = (await pushed.rows(3, [signs])) as [SideRows]
        const {slack, length} = await pulled(program, forward, lines, 3, signs)
        nearWhereKept(found.length, length, 0.1, {relative: 1e-5})
        near(found.slack, slack, {relative: 1e-5})
      }
      pushed.dispose()
    }))

  test('lengths that pushing lost are pulled: bounds are what they are where nothing fits to be pushed', async () => {
    for (const name of ['two kinks a unit', unkept]) {
      await onNetwork(networks[name]!(), draws(name), async ({program, forward, count}) => {
        for (const radius of [0.1, 1]) {
          const bounded = async (memory: number) => {
            const balls = () => assert.unreachable() as never
            const tools = {program, memory, checkTime: () => {}, balls}
            const radii = new Float64Array(count).fill(radius)
            const {reported} = await boundLayers(tools, forward, radii, 'crown', undefined, true)
            return reported
          }
          const [found, expected] = [await bounded(memory), await bounded(2 ** 10)]
          for (const side of ['below', 'above'] as const) {
            found.forEach((forms, layer) => {
              const wanted = expected[layer]![side]
              const scale = Math.max(...wanted)
              near(forms[side], wanted, {relative: 4e-6, scale, label: `${name}, ${side} ${layer}`})
            })
          }
        }
      })
    }
  })

  test('in the first layer rows are as long as those of its map, at all points', () =>
    onNetwork(mlpModel(randomMlp(draws(18), [20, 8, 7, 6])), draws(19), async (own) => {
      const {program, forward, lines, count} = own
      const pushed = pushedLayers(program, lines, count, memory)!
      const signs = new Float32Array(forward.kinks[0]!.center.length).fill(1)
      const [found] = await pushed.rows(0, [signs])
      const maker = program.instructions[program.kinks[0]!.input - 1]!
      assert.is(maker.kind, 'affine')
      const lengths = maker.kind === 'affine' ? maker.map.rowNorms[0]! : []
      const expected = Array.from(signs, (_, at) => lengths[at % lengths.length]!)
      near(found!.length, expected, {relative: 1e-5})
      pushed.dispose()
    }))

  test('takes no more memory than was said, however many units are open', () =>
    onNetwork(mlpModel(randomMlp(draws(14), [24, 24, 24, 24, 24])), draws(15), async (own) => {
      const {program, forward, lines, count} = own
      let pushes = 0
      for (let memory = 2 ** 14; memory <= 2 ** 21; memory *= 1.5) {
        const pushed = pushedLayers(program, lines, count, memory)
        const before = tf.memory().numBytes
        for (const {layer, input} of program.kinks.slice(1)) {
          const {length} = forward.kinks[layer]!.center
          if (!pushed?.worthIt(layer, 2 * length)) continue
          const signs = [1, -1].map((sign) => new Float32Array(length).fill(sign))
          const {peakBytes} = await tf.profile(async () => {
            await pushed.rows(layer, signs)
            return []
          })
          const label = `${Math.round(memory)} bytes, value ${input}: ${peakBytes - before}`
          assert.ok(peakBytes - before <= memory, label)
          pushes++
        }
        pushed?.dispose()
      }
      // With so many open units it is never worth it on WASM.
      if (backend !== 'wasm') assert.ok(pushes > 5, `${pushes} pushes`)
    }))

  test('leaves no tensors behind', () =>
    onNetwork(mlpModel(randomMlp(draws(12), [20, 8, 7, 6])), draws(13), async (own) => {
      const {program, forward, lines, count} = own
      const once = async () => {
        const pushed = pushedLayers(program, lines, count, memory)!
        const signs = new Float32Array(forward.kinks[2]!.center.length).fill(1)
        for (let again = 0; again < 2; again++) await pushed.rows(2, [signs])
        pushed.dispose()
      }
      // The first time the program makes tensors that it keeps.
      await once()
      const {numTensors} = tf.memory()
      await once()
      assert.is(tf.memory().numTensors, numTensors)
    }))

  test('pushing is worth it from some number of rows on, and sooner for later layers', () =>
    onNetwork(mlpModel(randomMlp(draws(14), [20, 16, 16, 16])), draws(15), async (own) => {
      const {program, forward, count} = own
      // No unit is open: what that costs differs from backend to backend.
      const lines = forward.kinks.map((kinks) => {
        const none = new Float32Array(kinks.center.length)
        return kinks.lines({below: none, above: none})
      })
      const pushed = pushedLayers(program, lines, count, memory)!
      const least = (layer: number) => {
        for (let rows = 0; ; rows++) if (pushed.worthIt(layer, rows)) return rows
      }
      assert.not(pushed.worthIt(1, 0))
      assert.ok(pushed.worthIt(1, 2 * 16 * count))
      const first = least(2)
      await pushed.rows(1, [new Float32Array(forward.kinks[1]!.center.length).fill(1)])
      assert.ok(least(2) < first)
      pushed.dispose()
    }))

  test('where more units are open there is room for fewer points', () =>
    onNetwork(mlpModel(randomMlp(draws(20), [20, 16, 16, 16])), draws(21), async (own) => {
      const {program, forward, count} = own
      const linesOf = (share: number) =>
        forward.kinks.map((kinks) => {
          const moves = kinks.center.map((z) => Math.abs(z) * share)
          return kinks.lines({below: moves, above: moves})
        })
      const rows = 1000 * 16 * count
      const worthIt = (share: number, room: number) =>
        pushedLayers(program, linesOf(share), count, room)!.worthIt(2, rows)
      const little = 16 * count * 16 * 16
      assert.ok(worthIt(0, little))
      assert.not(worthIt(2, little))
      assert.ok(worthIt(2, 16 * little))
    }))

  test('what does not fit, is no chain or has maxima can only be pulled', async () => {
    await onNetwork(mlpModel(randomMlp(draws(16), [20, 8, 7])), draws(17), async (own) => {
      assert.is(pushedLayers(own.program, own.lines, own.count, 2 * 8 * 5 * 8 * 8 - 1), undefined)
    })
    for (const build of [residual, pooled]) {
      await withProgram(build(), (program) => {
        assert.is(pushedLayers(program, [], 1, memory), undefined)
      })
    }
  })

  test.run()
}

/** Lengths that were lost are NaN: of those that are not 0 no more than a share. */
function nearWhereKept(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  mostLost: number,
  options: Parameters<typeof near>[2],
): void {
  const kept = Array.from(found, (value, at) => (Number.isNaN(value) ? expected[at]! : value))
  near(kept, expected, options)
  const lost = Array.from(found).filter((value, at) => Number.isNaN(value) && expected[at]! > 0)
  assert.ok(lost.length <= mostLost * found.length, `${options?.label}: ${lost.length} lost`)
}

interface OnNetwork {
  readonly program: Program
  readonly forward: Forward
  readonly lines: Lines[]
  readonly count: number
  readonly random: Draw
}

/** Runs a check with lines of each layer over some deviations, up to a share of its largest number; one point has none. */
async function onNetwork(
  model: tf.LayersModel,
  random: Draw,
  check: (own: OnNetwork) => Promise<void>,
  share = 0.5,
): Promise<void> {
  const {inputShape} = readNetwork(model)
  const size = inputShape.reduce((a, b) => a * b, 1)
  const count = 5
  const x = tf.tensor(Float32Array.from(random.normals(count * size)), [count, ...inputShape])
  await withProgram(model, async (program) => {
    const forward = await runForward(
      program,
      await readPoints('x', x, inputShape),
      float32Roundoff,
      memory,
    )
    const lines = forward.kinks.map((kinks) =>
      kinks.lines(deviations(random, kinks.center, count, share)),
    )
    await check({program, forward, lines, count, random})
  })
  x.dispose()
  model.dispose()
}

function deviations(random: Draw, center: Float32Array, count: number, share: number): Deviations {
  const size = center.reduce((most, z) => Math.max(most, Math.abs(z)), 0)
  const move = () => Float32Array.from(center, () => random.between(0, size * share))
  const [below, above] = [move(), move()]
  // One point's ball cuts nothing: the others are padded for it.
  const units = center.length / count
  below.fill(0, 0, units)
  above.fill(0, 0, units)
  return {below, above}
}

async function pulled(
  program: Program,
  forward: Forward,
  lines: readonly Lines[],
  layer: number,
  signs: Float32Array,
) {
  const kinks = forward.kinks[layer]!
  const slack = new Float64Array(signs.length)
  const length = new Float64Array(signs.length)
  const wanted = Array.from(signs, (sign, at): WantedRow => {
    return {point: Math.floor(at / kinks.forms), at, sign: sign === 1 ? 1 : -1}
  })
  const take = ({at}: WantedRow, s: number, l: number) => {
    slack[at] = s
    length[at] = l
  }
  await pullRows({program, layer, kinks, wanted, lines, norm: 'l2', memory, take})
  return {slack, length}
}

type OwnMlp = ReturnType<typeof randomMlp>

/** A factor cannot be made of these: every direction of the input is pushed. */
function withEqualRows({layers, slope}: OwnMlp): OwnMlp {
  const [first, ...rest] = layers
  const kernel = first!.kernel.map((row) => [row[0]!, row[0]!, ...row.slice(2)])
  return {slope, layers: [{kernel, bias: first!.bias}, ...rest]}
}

function scaled({layers, slope}: OwnMlp, factor: number): OwnMlp {
  const times = (values: readonly number[]) => values.map((value) => Math.fround(value * factor))
  const [first, ...rest] = layers
  return {slope, layers: [{kernel: first!.kernel.map(times), bias: times(first!.bias)}, ...rest]}
}

function weightsOf(random: Draw, layer: tf.layers.Layer): void {
  layer.setWeights(
    layer
      .getWeights()
      .map(({shape, size}) => tf.tensor(Float32Array.from(random.normals(size)), shape)),
  )
}

function built(random: Draw, layers: tf.layers.Layer[]): tf.LayersModel {
  const model = tf.sequential({layers: [...layers, tf.layers.dense({units: 1})]})
  for (const layer of model.layers) weightsOf(random, layer)
  return model
}

const clipped = (random: Draw) =>
  built(random, [
    tf.layers.dense({units: 8, inputShape: [5], activation: 'relu6'}),
    tf.layers.dense({units: 9}),
    tf.layers.reLU({maxValue: 1}),
    tf.layers.dense({units: 7, activation: 'relu'}),
  ])

const convolutional = (random: Draw) =>
  built(random, [
    tf.layers.conv2d({filters: 3, kernelSize: 3, inputShape: [5, 5, 2], activation: 'relu'}),
    tf.layers.conv2d({filters: 2, kernelSize: 2, activation: 'relu'}),
    tf.layers.flatten(),
    tf.layers.dense({units: 6, activation: 'relu'}),
  ])

function pooled(): tf.LayersModel {
  return built(draws(18), [
    tf.layers.conv2d({filters: 2, kernelSize: 2, inputShape: [4, 4, 1]}),
    tf.layers.maxPooling2d({poolSize: 2}),
    tf.layers.flatten(),
    tf.layers.dense({units: 4, activation: 'relu'}),
  ])
}

function residual(): tf.LayersModel {
  const x = tf.input({shape: [4]})
  const first = tf.layers.dense({units: 4, activation: 'relu'}).apply(x) as tf.SymbolicTensor
  const second = tf.layers.dense({units: 4, activation: 'relu'}).apply(first) as tf.SymbolicTensor
  const sum = tf.layers.add().apply([first, second]) as tf.SymbolicTensor
  const outputs = tf.layers.dense({units: 3, activation: 'relu'}).apply(sum) as tf.SymbolicTensor
  return tf.model({inputs: x, outputs})
}
