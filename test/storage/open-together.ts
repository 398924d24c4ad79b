import {fork} from 'node:child_process'
import {once} from 'node:events'
import {readdirSync} from 'node:fs'
import * as assert from 'uvu/assert'
import {runCaptured} from '../scripts/capture.js'
import {currentDatabase, temporaryPlace} from '../support/databases.js'
import {temporaryFolder} from '../support/folder.js'
import {withLog} from './sample.js'
import {checkWhole, sampleSize} from './whole.js'

const child = new URL('./open-and-write.ts', import.meta.url)

/**
 * Several processes open a log that is not there yet, each of them several times at once, and write
 * a run through each. Its tables are made once, and every run is there.
 *
 * @param isSpooled whether those that the server has no room for in time keep their runs in spools,
 * which are then delivered; else they wait for it
 */
export async function openTogether(
  processes: number,
  logs: number,
  isSpooled: boolean,
): Promise<void> {
  const place = await temporaryPlace()
  const spool = temporaryFolder()
  const words = [place, String(logs), isSpooled ? spool : '']
  const children = Array.from({length: processes}, () => fork(child, words, {silent: true}))
  await Promise.all(children.map((process) => once(process, 'message')))
  for (const process of children) process.send('go')
  const said = await Promise.all(
    children.map(async (process) => {
      let output = ''
      const listen = (data: unknown) => {
        output += data
      }
      process.stdout?.on('data', listen)
      process.stderr?.on('data', listen)
      const [code] = await once(process, 'close')
      return `${code} ${output}`
    }),
  )
  assert.equal(said, Array(processes).fill('0 '))
  if (currentDatabase() === 'PostgreSQL') {
    const {code, stderr} = await runCaptured(['sync', '--folder', spool])
    assert.is(code, 0, stderr)
  }
  assert.equal(readdirSync(spool), [])
  await withLog(async (log) => {
    await checkWhole(log, sampleSize)
    const rows = await log.db.selectFrom('timeline').select(['run', 'run_status']).execute()
    assert.is(new Set(rows.map(({run}) => run)).size, processes * logs)
    assert.is(rows.length, processes * logs)
    assert.ok(rows.every(({run_status}) => run_status === 'finished'))
    assert.is((await log.db.selectFrom('meta').selectAll().execute()).length, 2)
  }, place)
}
