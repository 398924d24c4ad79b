import {sql} from 'kysely'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {questions} from './questions.js'
import {sampleRun, sampleSnapshot, withLog} from './sample.js'

const plans = suite('plans of queries')

const indexed =
  /^SEARCH \w+ USING ((COVERING )?INDEX (sqlite_autoindex_\w+_1|runs_name)|PRIMARY KEY) \(/

for (const {name, text} of questions('RUN', 'NAME')) {
  plans(`${name}: found by indexes, whatever else is in the log`, () =>
    withLog(async (log) => {
      const id = await log.startRun(sampleRun())
      await log.writeSnapshot(id, sampleSnapshot(0))
      const {rows} = await sql.raw<{detail: string}>(`explain query plan ${text}`).execute(log.db)
      const steps = rows.map(({detail}) => detail)
      const found = steps.filter((step) => indexed.test(step))
      assert.ok(found.length > 1)
      // what is left may sort what was found, but neither reads a whole table nor makes an index
      const others = steps.filter((step) => !indexed.test(step))
      assert.ok(
        others.every((step) => step.startsWith('USE TEMP B-TREE FOR')),
        others.join(),
      )
    }),
  )
}

plans.run()
