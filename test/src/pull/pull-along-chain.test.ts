import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {type BoundTools, boundLayers} from '../../../src/bounds/bound-layers.js'
import type {Forward} from '../../../src/forward/forward.js'
import type {Lines} from '../../../src/kinks/kink.js'
import {assumeCosts} from '../../../src/on-device/costs.js'
import {readPoints} from '../../../src/points.js'
import type {Pruning} from '../../../src/pull/pruning.js'
import {pullAlongChain} from '../../../src/pull/pull-along-chain.js'
import type {PullRequest} from '../../../src/pull/pull-request.js'
import {pullRows} from '../../../src/pull/pull-rows.js'
import type {WantedRow} from '../../../src/pull/row-grids.js'
import {readNetwork} from '../../../src/read-network.js'
import {withSession} from '../../../src/session.js'
import {backends, useBackend} from '../../support/backends.js'
import {type Draw, draws} from '../../support/draw.js'
import {mlpModel, randomMlp} from '../../support/mlp.js'
import {near} from '../../support/near.js'

const memory = 2 ** 26
const count = 8

for (const backend of backends) {
  const test = suite(`pullAlongChain on ${backend}`)
  test.before(() => useBackend(backend))
  test.after(() => assumeCosts(undefined))

  const networks: Record<string, () => tf.LayersModel> = {
    'a wide first layer': () => mlpModel(randomMlp(draws(1), [40, 12, 10, 7, 9])),
    'a narrow first layer': () => mlpModel(randomMlp(draws(2), [3, 12, 10, 7, 9])),
    'a leaky slope': () => mlpModel(randomMlp(draws(3), [6, 8, 9, 7], 0.2)),
    'a slope below 0': () => mlpModel(randomMlp(draws(4), [6, 8, 9, 7], -0.5)),
  }
  for (const [name, build] of Object.entries(networks)) {
    test(`${name}: rows are those of whole grids, in chunks too`, () =>
      onNetwork(build(), draws(name), async ({tools, forward, lines, random}) => {
        for (const {layer} of tools.program.kinks.slice(1)) {
          const wanted = rowsOf(forward, layer, random)
          const expected = await pulled({tools, forward, lines}, layer, wanted)
          for (const atOnce of [5, 1000]) {
            const found = new Rows(wanted.length)
            const rows = request({tools, forward, lines}, layer, wanted, found.take(wanted))
            assert.ok(await pullAlongChain(rows, atOnce))
            near(found.length, expected.length, {relative: 2e-6})
            const scale = Math.max(...expected.slack)
            near(found.slack, expected.slack, {relative: 2e-6, scale})
          }
        }
      }))

    test(`${name}: what stops could not have become longer`, () =>
      onNetwork(build(), draws(name), async ({tools, forward, lines, random}) => {
        const layer = tools.program.kinks.length - 1
        const wanted = rowsOf(forward, layer, random)
        const expected = await pulled({tools, forward, lines}, layer, wanted)
        for (const kind of ['plain', 'normalised'] as const) {
          const balls = tools.balls(kind)
          const stopped = new Set<WantedRow>()
          const pruning: Pruning = {
            reach: balls.reach,
            scales: balls.scales,
            enough: (row, longest, slack) => {
              const k = wanted.indexOf(row)
              assert.ok(longest > 0)
              // All that a row says is its slack and, on a ball of radius 1, its length.
              const whole = expected.slack[k]! + expected.length[k]!
              assert.ok(slack + longest >= whole * (1 - 1e-6), `${slack} + ${longest} of ${whole}`)
              if (k % 3 > 0) return false
              stopped.add(row)
              return true
            },
          }
          const found = new Rows(wanted.length)
          const rows = request({tools, forward, lines}, layer, wanted, found.take(wanted))
          await pullAlongChain({...rows, pruning}, 1000)
          assert.is(stopped.size, Math.ceil(wanted.length / 3))
          wanted.forEach((row, k) => {
            assert.is(Number.isNaN(found.length[k]!), stopped.has(row))
          })
        }
      }))
  }

  test('a row that could still decide its unit does not stop: the same units are unstable', () =>
    onNetwork(
      mlpModel(randomMlp(draws('same'), [12, 16, 16, 16, 16])),
      draws('same'),
      async ({tools, forward}) => {
        for (const size of [0.03, 0.1, 0.3]) {
          const radius = new Float64Array(count).fill(size)
          const bound = (own: BoundTools) =>
            boundLayers(own, forward, radius, 'combined', undefined, false)
          const stopping = await bound(tools)
          const whole = await bound({...tools, roundTrips: undefined})
          forward.kinks.forEach((kinks, layer) => {
            const [own, other] = [stopping.deviations[layer]!, whole.deviations[layer]!]
            own.below.forEach((below, at) => {
              const open = kinks.openSides(at, below, own.above[at]!)
              const wanted = kinks.openSides(at, other.below[at]!, other.above[at]!)
              assert.is(open, wanted, `radius ${size}, layer ${layer}, ${at}`)
              // The last layer's other sides are as the cheap bounds have them, which stopping makes wider.
              if (open & 1) near([below], [other.below[at]!], {relative: 1e-5})
              if (open & 2) near([own.above[at]!], [other.above[at]!], {relative: 1e-5})
            })
          })
        }
      },
    ))

  test('convolutions and first layers are left to others', () =>
    onNetwork(convolutional(), draws('conv'), async ({tools, forward, lines, random}) => {
      const no = () => assert.unreachable()
      for (const {layer} of tools.program.kinks) {
        const wanted = rowsOf(forward, layer, random)
        assert.not(await pullAlongChain(request({tools, forward, lines}, layer, wanted, no), 100))
      }
    }))

  test.run()
}

function convolutional(): tf.LayersModel {
  const conv = (seed: number, options = {}) =>
    tf.layers.conv2d({
      filters: 3,
      kernelSize: 3,
      activation: 'relu',
      kernelInitializer: tf.initializers.heNormal({seed}),
      ...options,
    })
  return tf.sequential({layers: [conv(1, {inputShape: [7, 7, 1]}), conv(2), tf.layers.flatten()]})
}

/** What was said of each wanted row; NaN of those that did not arrive. */
class Rows {
  readonly length: Float64Array
  readonly slack: Float64Array

  constructor(size: number) {
    this.length = new Float64Array(size).fill(Number.NaN)
    this.slack = new Float64Array(size).fill(Number.NaN)
  }

  take(wanted: readonly WantedRow[]) {
    return (row: WantedRow, slack: number, length: number) => {
      const k = wanted.indexOf(row)
      this.slack[k] = slack
      this.length[k] = length
    }
  }
}

function request(
  {tools, forward, lines}: Omit<Setting, 'random'>,
  layer: number,
  wanted: readonly WantedRow[],
  take: PullRequest['take'],
): PullRequest {
  const {program} = tools
  return {program, layer, kinks: forward.kinks[layer]!, wanted, lines, norm: 'l2', memory, take}
}

async function pulled(
  setting: Omit<Setting, 'random'>,
  layer: number,
  wanted: readonly WantedRow[],
): Promise<Rows> {
  const rows = new Rows(wanted.length)
  await pullRows(request(setting, layer, wanted, rows.take(wanted)))
  return rows
}

/** Some rows of each point, of either side. */
function rowsOf({kinks}: Forward, layer: number, random: Draw): WantedRow[] {
  const {center, forms} = kinks[layer]!
  return Array.from(center, (_, at): WantedRow => {
    return {point: Math.floor(at / forms), at, sign: random.pick([1, -1])}
  }).filter(() => random.between(0, 1) < 0.6)
}

interface Setting {
  readonly tools: BoundTools
  readonly forward: Forward
  readonly lines: readonly Lines[]
  readonly random: Draw
}

/** A network at random points, with lines of balls that cut some of its units. */
async function onNetwork(
  model: tf.LayersModel,
  random: Draw,
  use: (setting: Setting) => Promise<void>,
): Promise<void> {
  const network = readNetwork(model)
  const size = network.inputShape.reduce((a, b) => a * b, 1)
  const points = Array.from({length: count}, () => Array.from(random.normals(size)))
  assumeCosts({wait: 0, operation: 0, multiplyAdd: 0})
  const read = await readPoints('points', points, network.inputShape)
  await withSession(network, read, memory, async ({tools, eachChunk}) => {
    await eachChunk('test', async (forward) => {
      const radius = new Float64Array(count).fill(0.1)
      const {deviations} = await boundLayers(tools, forward, radius, 'interval', undefined, false)
      const lines = forward.kinks.map((kinks, layer) => kinks.lines(deviations[layer]!))
      await use({tools, forward, lines, random})
    })
  })
  model.dispose()
}
