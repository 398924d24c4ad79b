import {test} from 'uvu'
import * as assert from 'uvu/assert'
import {LogError} from '../../storage/errors.js'
import {openLog} from '../../storage/log-in-browser.js'
import {rejects} from '../support/rejects.js'

test('a browser is told what to give in place of a path', async () => {
  const error = await rejects(openLog('runs.db'), 'database: a browser cannot open "runs.db"; give')
  assert.instance(error, LogError)
})

test.run()
