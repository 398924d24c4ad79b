import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {createStop} from '../../../src/common/stop.js'
import {
  type Measured,
  type MeasureRequest,
  measureNetwork,
  type Network,
  readNetwork,
} from '../../../src/index.js'
import {useBackend} from '../../support/backends.js'
import {draws} from '../../support/draw.js'
import {mlpModel, randomMlp} from '../../support/mlp.js'
import {rejects} from '../../support/rejects.js'
import {randomPoints} from '../../support/samples.js'
import {keepsTensors} from '../../support/tensors.js'

const test = suite('stop')
const count = 12
const points = randomPoints(draws('stop'), count, 6)
/** The second and the third change places from point to point, so that no rank belongs to one of them. */
const radii = [
  {rule: '0.4', radius: new Float64Array(count).fill(0.4)},
  {rule: 'odd', radius: Float64Array.from({length: count}, (_, p) => (p % 2 ? 0.05 : 0.2))},
  {rule: '0.1', radius: new Float64Array(count).fill(0.1)},
]
const everything: MeasureRequest = {
  norms: ['l2', 'linf'],
  methods: ['spectral', 'combined'],
  radii,
  witnessed: {steps: 2},
  patterns: {samples: 8, seed: 1},
  localComplexity: {directions: 3, seed: 1},
}
let network: Network

/** Everything that was found, under the names that `skipped` uses. */
function found({distances, bounds, ...seen}: Measured): Map<string, unknown> {
  return new Map<string, unknown>([
    ...distances.map((own) => [`distance ${own.norm}`, own] as const),
    ...bounds.map((own) => [`bound ${own.method}, ${own.rule}`, own] as const),
    ...seen.witnessed.map((own) => [`witnessed, ${own.rule}`, own] as const),
    ...seen.patterns.map((own) => [`patterns, ${own.rule}`, own] as const),
    ...seen.localComplexity.map((own) => [`local-complexity, ${own.rule}`, own] as const),
  ])
}

test.before(async () => {
  await useBackend('cpu')
  network = readNetwork(mlpModel(randomMlp(draws('stopped'), [6, 10, 10])))
})

test('stopped anywhere: what is kept is whole and the same, the rest is named, no tensor is left', async () => {
  const all = found(await measureNetwork(network, points, everything))
  assert.is(all.size, 2 + 2 * 3 + 3 * 3)
  const kept = new Set<number>()
  for (let after = 0; !kept.has(all.size); after++) {
    let asked = 0
    const stop = () => asked++ >= after
    const measured = await keepsTensors(() =>
      measureNetwork(network, points, {...everything, memory: 2 ** 20, stop}),
    )
    const own = found(measured)
    for (const [name, value] of own) assert.equal(value, all.get(name), `${name}, after ${after}`)
    assert.equal([...own.keys(), ...measured.skipped].sort(), [...all.keys()].sort())
    assert.ok(own.size >= 1)
    kept.add(own.size)
  }
  // 'odd' and 0.1 change places, so that both become whole at once
  assert.ok(kept.size >= 10, `stopped with ${[...kept].join(', ')}`)
})

test('a stop in the middle of a radius keeps the larger radii', async () => {
  let asked = 0
  const request: MeasureRequest = {methods: ['combined'], radii}
  const total = await measureNetwork(network, points, {...request, stop: () => asked++ < 0})
  assert.equal(total.skipped, [])
  const enough = asked
  asked = 0
  const stop = () => ++asked >= enough
  const {bounds, skipped} = await measureNetwork(network, points, {...request, stop})
  assert.equal(
    bounds.map(({rule}) => rule),
    ['0.4'],
  )
  assert.equal(skipped, ['bound combined, odd', 'bound combined, 0.1'])
})

test('one measure is always taken, and other errors go through', async () => {
  const {distances, bounds, skipped} = await measureNetwork(network, points, {
    ...everything,
    stop: () => true,
  })
  assert.equal([distances.length, bounds.length, skipped.length], [1, 0, 16])
  const {whole, check} = createStop(() => true)
  await rejects(
    whole(() => Promise.reject(new Error('broken'))),
    'broken',
  )
  assert.is(await whole(async () => 1), 1)
  assert.is(await whole(async () => 2), undefined)
  assert.throws(check)
})

test.run()
