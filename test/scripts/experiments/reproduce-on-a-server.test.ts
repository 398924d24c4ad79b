import {existsSync, readdirSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {serverSuite, temporarySchema} from '../../support/databases.js'
import {temporaryFolder} from '../../support/folder.js'
import {runCaptured} from '../capture.js'

const test = serverSuite('a study whose log is on a server')

test('is trained, known as done, and added to', async () => {
  const database = await temporarySchema()
  const out = temporaryFolder()
  const reproduce = [
    ...['reproduce', '--backend', 'wasm', '--format', 'svg', '--train-size', '64'],
    ...['--test-size', '20', '--points', '5', '--width', '9', '--depth', '2', '--epochs', '1'],
    ...['--controls', 'none', '--groups', 'train,uniform', '--seeds', '1'],
    ...['--database', database, '--out', out],
  ]
  const succeed = async (words: readonly string[]) => {
    const {code, stdout, stderr} = await runCaptured(words)
    assert.is(code, 0, stderr)
    return stdout
  }
  const names = async () =>
    JSON.parse(await succeed(['runs', 'list', '--json', '--database', database])).map(
      ({name, status}: {name: string; status: string}) => [name, status],
    )
  const before = await succeed([...reproduce, '--dry-run'])
  await succeed(reproduce)
  const after = await succeed([...reproduce, '--dry-run'])
  assert.not.equal(after, before)
  assert.not(existsSync('postgres:'))
  assert.not(existsSync(join(out, 'reproduce.db')))
  assert.is((await names()).length, 1)

  const [model] = readdirSync(out, {recursive: true, encoding: 'utf8'}).filter((file) =>
    file.endsWith('model.json'),
  )
  await succeed([
    ...['measure', '--backend', 'wasm', '--points', '5', '--run', 'measured'],
    ...['--model', join(out, model!), '--database', database],
  ])
  const listed = await names()
  assert.is(listed.length, 2)
  assert.ok(listed.every(([, status]: string[]) => status === 'finished'))
})

test.run()
