import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {loadBackend} from '../../../scripts/backends/load.js'
import {timeCountings} from '../../../scripts/bench/counting-cost.js'
import {timeGrowth} from '../../../scripts/bench/growth.js'
import {timeLogging} from '../../../scripts/bench/logging.js'
import {median, timeRuns} from '../../../scripts/bench/median.js'
import {convolutional, mlp} from '../../../scripts/bench/networks.js'
import {timeOverhead} from '../../../scripts/bench/overhead.js'
import {benchTables} from '../../../scripts/bench/run.js'
import {matMulRate, timeMeasurements} from '../../../scripts/bench/speed.js'
import {measureTightness, tightnessCases} from '../../../scripts/bench/tightness.js'
import {tightnessTables} from '../../../scripts/bench/tightness-table.js'
import {readNetwork} from '../../../src/index.js'

const test = suite('bench')

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
  assert.is(rows.length, 7)
  for (const {milliseconds, forwardPasses} of rows) {
    assert.ok(milliseconds > 0 && forwardPasses > 0)
  }
})

test('the convolutional networks can be read', async () => {
  for (const network of convolutional) {
    const model = await network.build()
    assert.ok(readNetwork(model).layers.length >= 4, network.name)
    model.dispose()
  }
})

test('watching is timed in pairs, with and without', async () => {
  const plan = {images: 64, points: 4, pairs: 1}
  const rows = await timeOverhead(plan, ['distance'], [['1 batch', {batches: 1}]])
  assert.is(rows.length, 1)
  assert.ok(rows[0]!.ratio > 0)
})

test('how close the bounds come: each between the exact count and the next looser bound', async () => {
  const tiny = {...tightnessCases[0]!, points: 3, radii: [0.1, 0.5]}
  const tightness = await measureTightness(50, [tiny])
  assert.is(tightness.length, 2)
  for (const row of tightness) {
    const order = [row.witnessed, row.exact!, row.refined, row.flats, row.product, row.wholeSpace]
    for (const [k, bits] of order.slice(1).entries()) assert.ok(order[k]! <= bits + 1e-9, `${k}`)
    assert.ok(row.product <= row.interval + 1e-9 && row.product <= row.spectral + 1 + 1e-9)
    assert.ok(row.worstExcess! >= -1e-9)
  }
  const countings = await timeCountings(mlp(2, 8, 0, 20), 1, [0.1], 4)
  const [bounds, costs] = tightnessTables(tightness, countings)
  assert.match(bounds!, /2-\[16,16\]/)
  assert.match(costs!, /ratio/)
  assert.equal(tightnessTables([], []), [])
})

test('writing a snapshot is timed beside measuring it, and its rows are counted', async () => {
  const network = {...mlp(4, 4, 0, 6), name: 'small'}
  const [row, ...others] = await timeLogging(2, 8, [network])
  assert.equal(others, [])
  const {share, measureMilliseconds, writeMilliseconds, bytesPerRow, ...counted} = row!
  // points, distances, 8 bounds of each point, 4 layers of each bound, then what is there once
  assert.equal(counted, {network: 'small', points: 8, rows: 8 + 8 + 64 + 256 + 18 + 5})
  assert.ok(share > 0 && measureMilliseconds > 0 && writeMilliseconds > 0)
  // an empty log has some pages for each table, which few rows do not fill
  assert.ok(bytesPerRow > 30 && bytesPerRow < 1000, String(bytesPerRow))
  const where = {backend: 'wasm', device: '', node: 'v20', date: '', matMulGflops: 1}
  const text = benchTables({...where, speed: [], growth: [], overhead: [], log: [row!]}, 2)
  assert.match(text, /│ small +│ +8 │ +359 │ +[\d.]+ │ +[\d.]+ │ [\d.]+ % +│ +[\d.]+ │/)
})

test('the tables name the machine, and round to what is known', async () => {
  const speed = await timeMeasurements(mlp(2, 8, 0, 20), 1, 4, ['distance l2'])
  const matMulGflops = await matMulRate(1)
  const where = {backend: 'wasm', device: 'a processor', node: 'v20', date: '', matMulGflops}
  const text = benchTables({...where, speed, growth: [], overhead: [], log: []}, 1)
  assert.match(text, /wasm on a processor, Node v20; medians of 1 runs/)
  assert.match(text, /distance l2/)
  assert.type(timeGrowth, 'function')
})

test.run()
