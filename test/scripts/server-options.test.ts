import {readdirSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {buildMlp} from '../../scripts/experiments/network.js'
import {logOptionsOf} from '../../scripts/server-options.js'
import {warningsOf} from '../callbacks/fixture.js'
import {temporaryFolder} from '../support/folder.js'
import {silentPort} from '../support/proxy.js'
import {runCaptured} from './capture.js'
import {saveModel} from './save-model.js'

const test = suite('commands that log to a server')
const model = join(temporaryFolder(), 'model')

test.before(() =>
  saveModel(buildMlp({inputs: 784, width: 5, depth: 1, classes: 10, seed: 1}), model),
)

test('what is not given is left to openLog', () => {
  assert.equal(logOptionsOf({spool: undefined, patience: undefined}), {})
  assert.equal(logOptionsOf({spool: 'a', patience: 7}), {spool: 'a', patience: 7})
})

test('measure keeps in its spool what it cannot deliver, and says that it did not', async () => {
  const spool = temporaryFolder()
  const database = `postgres://nobody@127.0.0.1:${await silentPort()}/study`
  let code: number | undefined
  const warnings = await warningsOf(async () => {
    const words = ['measure', '--backend', 'cpu', '--points', '3', '--radii', '0.1']
    const place = ['--database', database, '--spool', spool, '--patience', '123']
    code = (await runCaptured([...words, '--model', model, ...place])).code
  })
  assert.is(code, 1)
  assert.match(warnings.join('\n'), /did not answer in 123 ms; run .* is kept in/)
  assert.match(warnings.join('\n'), /1 snapshot waits in .*; `linear-regions sync` delivers/)
  assert.is(readdirSync(spool).length, 1)
})

for (const command of [
  ['measure', '--model', model],
  ['reproduce', '--out', temporaryFolder()],
]) {
  test(`${command[0]} refuses a spool that is no folder, and no patience`, async () => {
    const database = 'postgres://nobody@127.0.0.1:1/study'
    const words = [...command, '--backend', 'cpu', '--database', database]
    const none = await runCaptured([...words, '--spool', join(model, 'none')])
    assert.is(none.code, 1)
    assert.match(
      none.stderr,
      /spool: expected a folder that can be written to, got ".*none" \(ENOENT\)/,
    )
    const hasty = await runCaptured([...words, '--patience', '0'])
    assert.is(hasty.code, 2)
    assert.match(hasty.stderr, /patience: expected a whole number of at least 1, got "0"/)
  })
}

test.run()
