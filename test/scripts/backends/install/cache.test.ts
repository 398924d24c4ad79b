import {spawnSync} from 'node:child_process'
import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {cacheFolder, makeWhole} from '../../../../scripts/backends/install/cache.js'
import {cudaRequirements} from '../../../../scripts/backends/install/library.js'
import {temporaryFolder} from '../../../support/folder.js'
import {rejects} from '../../../support/rejects.js'

const test = suite('libraries in the cache folder')

test('a folder is made once, under its name only when it is whole', async () => {
  const folder = join(temporaryFolder(), 'cache/library')
  let made = 0
  const fill = async (partial: string) => {
    made++
    assert.not.ok(existsSync(folder))
    writeFileSync(join(partial, 'file'), 'all of it')
  }
  await makeWhole(folder, fill)
  await makeWhole(folder, fill)
  assert.is(made, 1)
  assert.is(readFileSync(join(folder, 'file'), 'utf8'), 'all of it')
  assert.equal(readdirSync(join(folder, '..')), ['library'])
})

test('where filling fails nothing is left', async () => {
  const folder = join(temporaryFolder(), 'library')
  const fill = async (partial: string) => {
    writeFileSync(join(partial, 'file'), 'half')
    throw new Error('interrupted')
  }
  await rejects(makeWhole(folder, fill), /^interrupted$/)
  assert.equal(readdirSync(join(folder, '..')), [])
})

test('what a killed process left is removed, what another one fills is not', async () => {
  const parent = temporaryFolder()
  const {pid} = spawnSync(process.execPath, ['-e', ''])
  const dead = join(parent, `library.partial-${pid}`)
  const alive = join(parent, `library.partial-${process.ppid}`)
  for (const folder of [dead, alive]) mkdirSync(folder)
  await makeWhole(join(parent, 'library'), async () => undefined)
  assert.equal(readdirSync(parent).sort(), ['library', `library.partial-${process.ppid}`])
})

test('of two processes the one that is later gives way', async () => {
  const folder = join(temporaryFolder(), 'library')
  await makeWhole(folder, async (partial) => {
    mkdirSync(folder)
    writeFileSync(join(folder, 'file'), 'of the other')
    writeFileSync(join(partial, 'file'), 'of this one')
  })
  assert.is(readFileSync(join(folder, 'file'), 'utf8'), 'of the other')
  assert.equal(readdirSync(join(folder, '..')), ['library'])
})

test('the folder is the one that the user has for caches', () => {
  const before = process.env.XDG_CACHE_HOME
  process.env.XDG_CACHE_HOME = '/somewhere'
  try {
    if (process.platform === 'linux') assert.is(cacheFolder(), '/somewhere/tfjs-linear-regions')
  } finally {
    if (before === undefined) delete process.env.XDG_CACHE_HOME
    else process.env.XDG_CACHE_HOME = before
  }
})

test('the CUDA libraries are read off the description of the wheel, old and new', () => {
  const metadata = `Name: tensorflow
Requires-Dist: numpy>=1.26.0
Requires-Dist: nvidia-cublas-cu12<13.0,>=12.5.3.2; extra == "and-cuda"
Requires-Dist: nvidia-nccl-cu12 (==2.16.5) ; extra == 'and-cuda'
Requires-Dist: nvidia-cudnn-cu12 ==8.9.4.25 ; extra == 'and-cuda'
Requires-Dist: tensorrt ==8.6.1.post1 ; extra == 'and-cuda'
`
  assert.equal(cudaRequirements(metadata), [
    'nvidia-cublas-cu12<13.0,>=12.5.3.2',
    'nvidia-nccl-cu12==2.16.5',
    'nvidia-cudnn-cu12==8.9.4.25',
  ])
  assert.throws(() => cudaRequirements('Name: tensorflow\n'), /that brings CUDA 12 for --gpu/)
})

test.run()
