import {readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {gunzipSync} from 'node:zlib'
import {sql} from 'kysely'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {openLog} from '../../storage/index.js'
import {schemaVersion} from '../../storage/migrations.js'
import {rowCounts, sampleRun, sampleSnapshot, temporaryPath, withLog} from './sample.js'

const versions = suite('logs of every version of the tables')

const folder = new URL('./fixtures/', import.meta.url)
const fixtures = readdirSync(folder).filter((name) => name.endsWith('.db.gz'))

function unpacked(name: string): string {
  const path = temporaryPath()
  writeFileSync(path, gunzipSync(readFileSync(new URL(name, folder))))
  return path
}

versions('are kept as files', () => {
  const expected = Array.from({length: schemaVersion}, (_, index) => `version-${index + 1}.db.gz`)
  assert.equal(fixtures.toSorted(), expected.toSorted())
})

for (const name of fixtures) {
  versions(`${name} opens with all that is in it, is brought up to date, and goes on`, async () => {
    const path = unpacked(name)
    await withLog(async (log) => {
      assert.equal(await rowCounts(log), {
        snapshots: 2,
        points: 8,
        distances: 16,
        bounds: 32,
        layer_bounds: 64,
        measurements: 16,
        timings: 4,
        summaries: 28,
      })
      const run = await log.db.selectFrom('runs').selectAll().executeTakeFirstOrThrow()
      assert.is(run.name, name.replace('-', ' ').replace('.db.gz', ''))
      assert.is(run.status, 'finished')
      assert.equal(JSON.parse(run.config), {rate: 0.1})
      const version = await sql`select value from meta where key = 'schema_version'`.execute(log.db)
      assert.equal(version.rows, [{value: String(schemaVersion)}])
      const id = await log.startRun(sampleRun())
      await log.writeSnapshot(id, sampleSnapshot(0))
      const medians = await log.db.selectFrom('distance_summary').select('run').execute()
      assert.equal([...new Set(medians.map((median) => median.run))].length, 2)
      assert.equal((await sql`pragma foreign_key_check`.execute(log.db)).rows, [])
    }, path)
  })
}

versions('the newest is read as it is', async () => {
  const path = unpacked(`version-${schemaVersion}.db.gz`)
  const before = readFileSync(path)
  const log = await openLog(path, {readonly: true})
  assert.is((await log.db.selectFrom('timeline').selectAll().execute()).length, 2)
  await log.close()
  assert.ok(readFileSync(path).equals(before))
})

versions.run()
