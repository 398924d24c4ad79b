import {existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {writeWholeFile} from '../../scripts/whole-file.js'
import {temporaryPath} from '../storage/sample.js'
import {rejects} from '../support/rejects.js'

const test = suite('a file as a whole or not at all')

const none = {signal: new AbortController().signal, log: 'nowhere.db'}
const files = (path: string) => readdirSync(dirname(path))

test('has all pieces under its name, and nothing else is left', async () => {
  const path = temporaryPath('out.csv')
  await writeWholeFile('out', path, ['a', 'b\n'], none)
  assert.is(readFileSync(path, 'utf8'), 'ab\n')
  await writeWholeFile('out', path, ['c'], none)
  assert.is(readFileSync(path, 'utf8'), 'c')
  assert.equal(files(path), ['out.csv'])
})

test('has its name only when it is whole; an earlier file stays until then', async () => {
  const path = temporaryPath('out.csv')
  writeFileSync(path, 'before')
  const seen: string[] = []
  await writeWholeFile('out', path, watched(), none)
  async function* watched() {
    for (const piece of ['x'.repeat(100_000), 'y']) {
      yield piece
      seen.push(readFileSync(path, 'utf8'))
    }
  }
  assert.equal(seen, ['before', 'before'])
  assert.is(readFileSync(path, 'utf8').length, 100_001)
})

test('where a piece fails, the earlier file stays and nothing is beside it', async () => {
  const path = temporaryPath('out.csv')
  writeFileSync(path, 'before')
  async function* failing() {
    yield 'x'.repeat(100_000)
    throw new Error('damaged')
  }
  await rejects(writeWholeFile('out', path, failing(), none), /^damaged$/)
  assert.is(readFileSync(path, 'utf8'), 'before')
  assert.equal(files(path), ['out.csv'])
})

test('an interruption leaves nothing', async () => {
  const path = temporaryPath('out.csv')
  const interruption = new AbortController()
  async function* interrupted() {
    for (;;) {
      yield 'x'.repeat(10_000)
      interruption.abort(new Error('interrupted'))
    }
  }
  const {signal} = interruption
  await rejects(writeWholeFile('out', path, interrupted(), {...none, signal}), /^interrupted$/)
  assert.equal(files(path), [])
})

test('goes where a link leads', async () => {
  const path = temporaryPath('out.csv')
  const link = join(dirname(path), 'link')
  writeFileSync(path, 'before')
  symlinkSync(path, link)
  await writeWholeFile('out', link, ['after'], none)
  assert.is(readFileSync(path, 'utf8'), 'after')
})

test('is refused where it cannot be, or is the log', async () => {
  const path = temporaryPath()
  const folder = dirname(path)
  writeFileSync(path, 'log')
  writeFileSync(`${path}-wal`, 'wal')
  symlinkSync(path, join(folder, 'link'))
  const refused = async (out: string, message: string) => {
    const error = await rejects(writeWholeFile('out', out, ['x'], {...none, log: path}), message)
    assert.is(error.name, 'UsageError')
  }
  for (const name of [
    'runs.db',
    'runs.db-wal',
    'link',
    `./../${folder.split('/').at(-1)}/runs.db`,
  ]) {
    await refused(join(folder, name), 'belongs to the log that is read; name another file')
  }
  await refused(folder, `out: expected a file, got the directory "${folder}"`)
  await refused('/dev/null', 'out: expected an ordinary file, got "/dev/null"')
  await refused(join(folder, 'no', 'x'), 'cannot be written: there is no such folder')
  await refused(join(path, 'x'), 'cannot be written: there is no such folder')
  await refused(join(folder, 'x'.repeat(300)), 'cannot be written: its name is too long')
  assert.is(readFileSync(path, 'utf8'), 'log')
  assert.not.ok(existsSync(join(folder, 'no')))
})

test.run()
