import {existsSync, statSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {UsageError} from '../../scripts/command.js'
import {makeFolder} from '../../scripts/make-folder.js'
import {temporaryFolder} from '../support/folder.js'
import {rejects} from '../support/rejects.js'

const test = suite('make-folder')
const folder = temporaryFolder()

async function refused(path: string, why: string): Promise<void> {
  const error = await rejects(
    makeFolder('out', path),
    /^out: expected a folder that can be written/,
  )
  assert.instance(error, UsageError)
  assert.ok(error.message.endsWith(`, got "${path}" (${why})`), error.message)
}

test('makes it with those above it, and leaves one that is there', async () => {
  const path = join(folder, 'a', 'b', 'c')
  for (const _ of [1, 2]) await makeFolder('out', path)
  assert.ok(statSync(path).isDirectory())
  await makeFolder('out', '.')
  await makeFolder('out', `${path}/`)
})

test('several at once do not stand in each other’s way', async () => {
  const path = join(folder, 'at', 'once')
  await Promise.all(Array.from({length: 8}, () => makeFolder('out', path)))
  assert.ok(statSync(path).isDirectory())
})

test('says what is in the way', async () => {
  const file = join(folder, 'runs.db')
  writeFileSync(file, '')
  await refused(file, 'a file of that name is there')
  await refused(join(file, 'figures'), 'a file is in its way')
  const link = join(folder, 'link')
  symlinkSync(join(folder, 'nowhere'), link)
  await refused(link, 'a file of that name is there')
  await refused(join(folder, 'x'.repeat(300)), 'its name is too long')
})

test('ends where a folder that is there takes none', async () => {
  if (!existsSync('/proc/self')) return
  await refused('/proc/figures', 'it cannot be made there')
  await refused('/proc/figures/more', 'it cannot be made there')
})

test.run()
