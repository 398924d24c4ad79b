import {readdirSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'uvu'
import * as assert from 'uvu/assert'
import {linearRegionMonitor} from '../../callbacks/index.js'
import {LogError, openLog} from '../../storage/index.js'
import {temporaryFolder} from '../support/folder.js'
import {silentPort} from '../support/proxy.js'
import {rejects} from '../support/rejects.js'
import {smallData, smallModel, warningsOf} from './fixture.js'

const {xs, ys} = smallData()

/** A training of two epochs whose log is on a server that never answers. */
async function fit(options: {spool: string | false; patience: number}) {
  const database = `postgres://nobody@127.0.0.1:${await silentPort()}/study`
  const monitor = linearRegionMonitor({data: xs, points: 3, database, ...options})
  const model = smallModel()
  await model.fit(xs, ys, {epochs: 2, batchSize: 12, verbose: 0, callbacks: [monitor]})
}

test('what a training logs is kept in the folder that it names', async () => {
  const spool = temporaryFolder()
  const warnings = await warningsOf(() => fit({spool, patience: 123}))
  assert.match(warnings.join('\n'), /did not answer in 123 ms; run .* is kept in/)
  const [file] = readdirSync(spool) as [string]
  assert.match(file, /^linear-regions-.*\.spool\.db$/)
  const kept = await openLog(join(spool, file), {readonly: true})
  const rows = await kept.db.selectFrom('timeline').select(['epoch', 'run_status']).execute()
  assert.equal(
    rows.map(({epoch, run_status}) => [epoch, run_status]),
    [0, 1, 2].map((epoch) => [epoch, 'finished']),
  )
  await kept.close()
})

test('without a spool it is an error before the training', async () => {
  const error = await rejects(fit({spool: false, patience: 123}), /cannot be reached/)
  assert.instance(error, LogError)
})

test('a folder that is none is an error before the training', async () => {
  const spool = join(temporaryFolder(), 'none')
  const error = await rejects(
    fit({spool, patience: 123}),
    /^spool: expected a folder that can be written to, got ".*none" \(ENOENT\); create it, name/,
  )
  assert.instance(error, LogError)
})

test.run()
