import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {chooseCounting} from '../../../scripts/figures/counting.js'
import {drawFigure} from '../../../scripts/figures/index.js'
import {boundRows} from '../../../scripts/figures/rows.js'
import {findingsOf} from '../../../scripts/findings/index.js'
import {selectRuns} from '../../../scripts/select-runs.js'
import type {Log} from '../../../storage/log.js'
import {rejects} from '../../support/rejects.js'
import {emptyLog, type Synthetic, syntheticRun} from './synthetic-log.js'

const test = suite('one counting at a time')

const small = {steps: [0, 63], points: 4, spread: 0} satisfies Synthetic
const both = ['product', 'flats']

async function logOf(...countings: (readonly string[])[]): Promise<Log> {
  const log = await emptyLog()
  for (const [k, own] of countings.entries()) {
    await syntheticRun(log, {...small, seed: k + 1, countings: own})
  }
  return log
}

const choose = async (log: Log, wanted?: string) =>
  chooseCounting(log, (await selectRuns(log, undefined)).runs, 'combined', wanted)

test('the tightest that all runs hold', async () => {
  for (const [countings, expected] of [
    [[both, both], 'flats'],
    [[both, ['product']], 'product'],
    [[['product'], ['product']], 'product'],
  ] as const) {
    const log = await logOf(...countings)
    assert.equal(await choose(log), {counting: expected, notes: []})
    await log.close()
  }
})

test('where they share none, runs that are left out are named', async () => {
  const log = await logOf(['product'], ['flats'])
  const {counting, notes} = await choose(log)
  assert.is(counting, 'flats')
  assert.match(notes.join(), 'bounds were not counted by "flats": mlp-128x3, seed 1.')
  const spec = await drawFigure(log, 'bound-over-training', {})
  assert.match(JSON.stringify(spec.title), /counted by .{0,2}"flats.*mlp-128x3, seed 1/)
  await log.close()
})

test('a figure, and the findings, hold numbers of one counting alone', async () => {
  const log = await logOf(both, both)
  const {runs} = await selectRuns(log, undefined)
  const [flats, product] = await Promise.all(
    ['flats', 'product'].map((counting) => boundRows(log, runs, 'combined', counting)),
  )
  assert.is(flats!.length, 2 * 2 * 2 * 4 * 3)
  assert.is(product!.length, flats!.length)
  flats!.forEach(({log2Regions}, k) => {
    assert.ok(log2Regions <= product![k]!.log2Regions)
  })
  assert.ok(flats!.some(({log2Regions}, k) => log2Regions < product![k]!.log2Regions))

  const effects = async (counting?: string) =>
    (await findingsOf(log, counting === undefined ? {} : {counting})).findings
  assert.equal(await effects(), await effects('flats'))
  await rejects(effects('none'), 'counting: expected one of flats, product')
  await log.close()
})

test.run()
