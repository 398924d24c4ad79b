import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {loadBackend} from '../../../scripts/backends/load.js'
import {timeCountings} from '../../../scripts/bench/counting-cost.js'
import {crownOperations} from '../../../scripts/bench/crown-operations.js'
import {timeGrowth} from '../../../scripts/bench/growth.js'
import {timeLogging} from '../../../scripts/bench/logging.js'
import {median, timeRuns} from '../../../scripts/bench/median.js'
import {convolutional, mlp} from '../../../scripts/bench/networks.js'
import {
  canTrain,
  chosen,
  clocked,
  overheadNetworks,
  timeOverhead,
} from '../../../scripts/bench/overhead.js'
import {startPytorch} from '../../../scripts/bench/pytorch/process.js'
import {timePlaces} from '../../../scripts/bench/refine-places.js'
import {benchMarkdown, benchTables} from '../../../scripts/bench/report.js'
import {timeRoundTrips} from '../../../scripts/bench/round-trips.js'
import type {BenchResult} from '../../../scripts/bench/run.js'
import {matMulRate, timeMeasurements} from '../../../scripts/bench/speed.js'
import {measureTightness, tightnessCases} from '../../../scripts/bench/tightness.js'
import {tightnessSections} from '../../../scripts/bench/tightness-table.js'
import {readNetwork} from '../../../src/index.js'
import {deviceCosts} from '../../../src/on-device/costs.js'
import type {Log, Snapshot} from '../../../storage/index.js'
import {rejects} from '../../support/rejects.js'

const test = suite('bench')
const nothing: BenchResult = {
  ...{command: 'linear-regions bench', backend: 'wasm', device: 'a processor', node: 'v20'},
  ...{date: '2026-11-25T00:00:00Z', runs: 1, matMulGflops: 1, peakMemory: 3 * 2 ** 20},
  ...{speed: [], growth: [], overhead: [], log: [], backends: [], pytorch: null},
}

test.before(async () => {
  await loadBackend({name: 'wasm'})
})

test('the median, and one run more than is counted', async () => {
  assert.is(median([3, 1, 2]), 2)
  assert.is(median([4, 1, 3, 2]), 2)
  let calls = 0
  const times = await timeRuns(3, async () => {
    calls++
  })
  assert.is(calls, 4)
  assert.is(times.length, 3)
})

test('each measurement of a small network has a time', async () => {
  const rows = await timeMeasurements(mlp(2, 8, 0, 20), 1, 4)
  assert.is(rows.length, 8)
  for (const {milliseconds, forwardPasses} of rows) {
    assert.ok(milliseconds > 0 && forwardPasses > 0)
  }
})

test('how close the bounds come: each between the exact count and the next looser bound', async () => {
  const tiny = {...tightnessCases[0]!, points: 3, radii: [0.1, 0.5], cells: 50}
  const tightness = await measureTightness([tiny])
  assert.is(tightness.length, 2)
  for (const row of tightness) {
    const order = [row.witnessed, row.exact!, row.refined, row.flats, row.product, row.wholeSpace]
    for (const [k, bits] of order.slice(1).entries()) assert.ok(order[k]! <= bits + 1e-9, `${k}`)
    assert.ok(row.worstExcess! >= -1e-9)
  }
  const places = await timePlaces(1, [tiny])
  assert.is(places.length, 4)
  const last = tightness.at(-1)!
  for (const {host, backend} of places.slice(2)) {
    for (const bits of [host, backend]) assert.ok(bits >= last.exact! - 1e-9 && bits <= last.flats)
  }
  const countings = await timeCountings(mlp(2, 8, 0, 20), 1, [0.1], 4)
  const [bounds, where, costs] = tightnessSections(tightness, places, countings)
  assert.is(bounds!.head.length, bounds!.rows[0]!.length)
  assert.is(bounds!.rows.length, 2)
  assert.is(where!.head.length, where!.rows[0]!.length)
  assert.is(costs!.head.length, costs!.rows[0]!.length)
  assert.equal(tightnessSections([], [], []), [])
})

test('the convolutional networks can be read', async () => {
  for (const network of convolutional) {
    const model = await network.build()
    assert.ok(readNetwork(model).layers.length >= 4, network.name)
    model.dispose()
  }
})

test('by the clock watching is measuring and writing, of all but the first batch', async () => {
  const clock = {watch: 0}
  let now = 0
  const written: number[] = []
  const slow = {
    writeSnapshot: async (_: string, {step}: Snapshot) => {
      now += 7
      written.push(step)
    },
  } as Log
  const log = clocked(slow, clock, () => now)
  const snapshot = {measureMs: 30} as Snapshot
  await log.writeSnapshot('run', {...snapshot, step: 0})
  await log.writeSnapshot('run', {...snapshot, step: 1})
  assert.equal(clock, {watch: 0})
  await log.writeSnapshot('run', {...snapshot, step: 2})
  await log.writeSnapshot('run', {...snapshot, step: 3})
  assert.equal(clock, {watch: 74})
  assert.equal(written, [0, 1, 2, 3])
})

test('watching is timed in pairs, with and without, on what the backend can train', async () => {
  const rows = await timeOverhead({
    images: 64,
    points: 4,
    pairs: 1,
    watched: ['distance'],
    schedules: [
      {name: '1 batch', every: {batches: 1}, batches: 2},
      {name: 'epoch', every: 1},
    ],
  })
  assert.equal(
    rows.map(({network, every, images}) => `${network}, ${every}, ${images}`),
    ['MLP, 1 batch, 64', 'MLP, epoch, 64'],
  )
  assert.ok(rows.every(({ratio, byClock, without}) => ratio > 0 && byClock > 1 && without > 0))
  const [alone] = await timeOverhead({
    ...{images: 64, points: 4, pairs: 1, watched: ['nothing']},
    schedules: [{name: 'epoch', every: 1}],
  })
  assert.ok(alone!.ratio > 0)
  assert.is(alone!.byClock, 1)
  assert.not(overheadNetworks.every(canTrain))
  const names = ({networks, schedules}: ReturnType<typeof chosen>) => [
    networks.map(({name}) => name),
    schedules.map(({name}) => name),
  ]
  assert.equal(names(chosen(['MLP'], ['16', 'epoch'])), [['MLP'], ['16 batches', 'epoch']])
  assert.equal(
    names(chosen())[0],
    overheadNetworks.filter(canTrain).map(({name}) => name),
  )
})

test('writing a snapshot is timed beside measuring it, and its rows are counted', async () => {
  const network = {...mlp(4, 4, 0, 6), name: 'small'}
  const [row, ...others] = await timeLogging(2, 8, [network])
  assert.equal(others, [])
  const {share, measureMilliseconds, writeMilliseconds, bytesPerRow, ...counted} = row!
  // points, distances, 8 bounds of each point, 4 layers of each bound, then what is there once
  assert.equal(counted, {network: 'small', points: 8, rows: 8 + 8 + 64 + 256 + 18 + 6})
  assert.ok(share > 0 && measureMilliseconds > 0 && writeMilliseconds > 0)
  // an empty log has some pages for each table, which few rows do not fill
  assert.ok(bytesPerRow > 30 && bytesPerRow < 1000, String(bytesPerRow))
  const text = benchTables({...nothing, log: [row!]})
  assert.match(text, /│ small +│ +8 │ +360 │ +[\d.]+ │ +[\d.]+ │ [\d.]+ % +│ +[\d.]+ │/)
})

test('both ways of reading are timed, and the one that is taken on the CPU is named', async () => {
  const roundTrips = await timeRoundTrips([{...mlp(3, 8, 0, 20), points: 4}], 1)
  assert.is(roundTrips.costs.wait, 0)
  assert.equal(
    roundTrips.rows.map(({measure, taken}) => [measure, taken]),
    [
      ['distance l2', 'with'],
      ['combined, r = 0.01', 'with'],
    ],
  )
  for (const row of roundTrips.rows) {
    assert.ok(row.withMilliseconds > 0 && row.withoutMilliseconds > 0)
  }
  assert.is((await deviceCosts()).wait, 0)
  assert.match(
    benchMarkdown({...nothing, roundTrips}),
    /## Round trips of 0 ms, .*\n[\s\S]*\| with \|/,
  )
})

test('the operations of pulling every row back', () => {
  // Two sides of 5 rows through [4 x 3]; of 6 rows through [5 x 4] and [4 x 3]; a product is 2 m n k.
  const both = 2 * 2 * (5 * 4 * 3 + 6 * (5 * 4 + 4 * 3))
  assert.is(crownOperations([3, 4, 5, 6]), both)
  assert.is(crownOperations([784, 256, 256]), 2 * 2 * 256 ** 3)
})

test('the tables name the machine, and round to what is known; Markdown names the command too', async () => {
  const speed = await timeMeasurements(mlp(2, 8, 0, 20), 1, 4, [
    'distance l2',
    'every row of crown, r = 0.01',
  ])
  assert.is(speed[1]!.gflops! > 0, true)
  const overhead = ['MLP', 'CNN'].flatMap((network) =>
    ['1 batch', 'epoch'].map((every) => ({
      ...{network, measures: 'distance', every, images: 60, without: 1},
      ratio: network === 'MLP' ? 1.23456 : 2,
      byClock: 1.5,
    })),
  )
  const result = {...nothing, matMulGflops: await matMulRate(1), speed, overhead}
  const text = benchTables(result)
  assert.match(text, /wasm on a processor, Node v20; medians of 1 runs/)
  assert.match(text, /in use: 3 MB/)
  assert.match(text, /distance l2/)
  const page = benchMarkdown(result)
  assert.match(page, '| watched | every 1 batch | epoch of 60 images |\n| --- | --- | --- |\n')
  assert.match(page, '| MLP: distance | 1.235 | 1.235 |\n| CNN: distance | 2 | 2 |\n')
  assert.match(page, '## The same by the clock, in one training\n')
  assert.match(page, '| MLP: distance | 1.5 | 1.5 |\n')
  assert.match(page, '`linear-regions bench` on 2026-11-25: wasm on a processor')
  assert.type(timeGrowth, 'function')
})

test('PyTorch is asked for with a Python that has it', async () => {
  await rejects(
    startPytorch(process.execPath, '.'),
    /python: expected a Python with PyTorch, got .*; install torch there/,
  )
  await rejects(startPytorch('no-such-python', '.'), /no-such-python: .*ENOENT/)
})

test.run()
