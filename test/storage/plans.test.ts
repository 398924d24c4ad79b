import {sql} from 'kysely'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {questions} from './questions.js'
import {sampleRun, sampleSnapshot, withLog} from './sample.js'

const plans = suite('plans of queries')

for (const {name, text} of questions('RUN')) {
  plans(`${name}: found by indexes, whatever else is in the log`, () =>
    withLog(async (log) => {
      const id = await log.startRun(sampleRun())
      await log.writeSnapshot(id, sampleSnapshot(0))
      const {rows} = await sql.raw<{detail: string}>(`explain query plan ${text}`).execute(log.db)
      const steps = rows.map(({detail}) => detail)
      assert.ok(steps.some((step) => step.startsWith('SEARCH')))
      assert.equal(
        steps.filter((step) => step.startsWith('SCAN')),
        [],
      )
    }),
  )
}

plans.run()
