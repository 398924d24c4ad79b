import * as tf from '@tensorflow/tfjs'
import {test} from 'uvu'
import * as assert from 'uvu/assert'
import {linearRegionMonitor} from '../../callbacks/index.js'
import {openLog} from '../../storage/index.js'
import {lockFile} from '../storage/lock-file.js'
import {temporaryPath} from '../support/databases.js'
import {smallData, smallModel, warningsOf} from './fixture.js'

const {xs, ys} = smallData()

/** A training of three epochs whose log is locked in the first, and unlocked in `until` if that is given. */
async function fit(until?: number) {
  const database = temporaryPath()
  const monitor = linearRegionMonitor({data: xs, points: 3, database, patience: 20})
  let unlock = async () => {}
  const others = new tf.CustomCallback({
    onEpochBegin: async (epoch) => {
      if (epoch === until) await unlock()
    },
    onEpochEnd: async (epoch) => {
      if (epoch === 0) unlock = await lockFile(database)
    },
  })
  const callbacks = [others, monitor]
  const warnings = await warningsOf(() =>
    smallModel().fit(xs, ys, {epochs: 3, batchSize: 12, verbose: 0, callbacks}),
  )
  if (until === undefined) await unlock()
  const log = await openLog(database, {readonly: true})
  const rows = await log.db
    .selectFrom('timeline')
    .select(['step', 'status', 'run_status'])
    .orderBy('step')
    .execute()
  await log.close()
  return {warnings, rows}
}

test('what a training cannot log because the file is locked is logged later', async () => {
  const {warnings, rows} = await fit(2)
  assert.match(warnings[0]!, /^linear-regions: database: ".*" is locked by another process, for/)
  assert.match(warnings[1]!, /can be written again, and nothing is lost$/)
  assert.is(warnings.length, 2)
  assert.equal(
    rows.map(({step, status, run_status}) => [step, status, run_status]),
    [0, 2, 4, 6].map((step) => [step, 'complete', 'finished']),
  )
})

test('a file that stays locked stops no training, and what is lost is said', async () => {
  const {warnings, rows} = await fit()
  assert.match(warnings[0]!, /is locked by another process/)
  assert.match(
    warnings[1]!,
    /to the end: steps 2, 4, 6 and the state of the run could not be written/,
  )
  assert.is(warnings.length, 2)
  assert.equal(
    rows.map(({step}) => step),
    [0],
  )
})

test.run()
