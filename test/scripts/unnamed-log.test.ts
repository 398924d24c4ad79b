import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {temporaryFolder} from '../support/folder.js'
import {runCaptured} from './capture.js'

const test = suite('unnamed-log')
const before = process.cwd()

// the default is a path in the working folder
test.before(() => process.chdir(temporaryFolder()))
test.after(() => process.chdir(before))

const lines = [
  ['runs', 'list'],
  ['runs', 'delete', 'mlp', '--yes'],
  ['query', 'select 1'],
  ['export', 'runs'],
  ['plot', '--figure', 'all'],
  ['findings'],
  ['report'],
  ['watch', '--once'],
]

test('where the log of the default is not there, every command says how to name one', async () => {
  for (const line of lines) {
    const {code, stderr} = await runCaptured(line)
    assert.is(code, 1)
    assert.is(
      stderr,
      'linear-regions: database: there is no file "linear-regions.db", the default; name the log with --database\n',
    )
  }
})

test('whoever named one is to look at its path', async () => {
  const {stderr} = await runCaptured(['runs', 'list', '--database', 'other.db'])
  assert.is(stderr, 'linear-regions: database: there is no file "other.db"; check the path\n')
})

test.run()
