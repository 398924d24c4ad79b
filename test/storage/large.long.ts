import {statSync} from 'node:fs'
import {sql} from 'kysely'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {type Log, openLog} from '../../storage/index.js'
import {questions} from './questions.js'
import {sampleRun, sampleSnapshot, temporaryPath, withLog} from './sample.js'

const large = suite('a log of twenty runs of fifty snapshots')

const runs = 20
const snapshots = 50
const rules = [0.001, 0.003, 0.01, 0.03].map((factor) => `median-pair*${factor}`)
const size = {points: 512, layers: 4, rules}
const tables = ['points', 'distances', 'bounds', 'layer_bounds', 'measurements'] as const

const path = temporaryPath()
let middle = ''

large.before(() =>
  withLog(async (log) => {
    for (let run = 0; run < runs; run++) {
      const id = await log.startRun(sampleRun({name: `run ${run}`}))
      if (run === runs / 2) middle = id
      for (let step = 0; step < snapshots; step++) {
        await log.writeSnapshot(id, sampleSnapshot(step, {}, size))
      }
      await log.finishRun(id, 'finished')
    }
  }, path),
)

async function rowsIn({db}: Log): Promise<number> {
  let all = 0
  for (const table of tables) {
    const {rows} = await sql<{n: number}>`select count(*) n from ${sql.table(table)}`.execute(db)
    all += rows[0]!.n
  }
  return all
}

large('has more than sixteen million rows, and few bytes for each', async () => {
  const log = await openLog(path, {readonly: true})
  const rows = await rowsIn(log)
  await log.close()
  const bytes = statSync(path).size / rows
  console.log(`\n${rows} rows, ${bytes.toFixed(1)} bytes a row`)
  assert.ok(rows > 16e6)
  assert.ok(bytes < 70)
})

// milliseconds; the least of three times, since other work may be going on
const limits = {view: 1000, rows: 2000}

for (const place of questions('', '').keys()) {
  large(`answers question ${place} about one run in time`, async () => {
    const {name, kind, text} = questions(middle, `run ${runs / 2}`)[place]!
    const log = await openLog(path, {readonly: true})
    const times: number[] = []
    for (let time = 0; time < 3; time++) {
      const started = performance.now()
      const {rows} = await sql.raw(text).execute(log.db)
      times.push(performance.now() - started)
      assert.ok(rows.length >= snapshots, name)
    }
    await log.close()
    console.log(`\n${name}: ${times.map((ms) => ms.toFixed(0)).join(', ')} ms`)
    assert.ok(Math.min(...times) < limits[kind], name)
  })
}

large.run()
