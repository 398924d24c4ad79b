import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {checkPlatform, thisHost, wheelPlatforms} from '../../../../scripts/backends/install/host.js'
import {checkRoom} from '../../../../scripts/backends/install/room.js'
import {temporaryFolder} from '../../../support/folder.js'
import {rejects} from '../../../support/rejects.js'

const test = suite('host of an installation')
const linux = {
  platform: 'linux',
  arch: 'x64',
  glibc: '2.28',
  freeBytes: async () => 2.5e9,
}

test('other platforms are told what works there', () => {
  checkPlatform(linux)
  for (const [other, words] of [
    [{platform: 'darwin'}, 'got darwin x64;'],
    [{arch: 'arm64'}, 'got linux arm64;'],
    [{glibc: undefined}, 'got linux x64 without glibc;'],
  ] as const) {
    assert.throws(
      () => checkPlatform({...linux, ...other}),
      (error: Error) => error.message.includes(words) && /wasm always works$/.test(error.message),
    )
  }
})

test('pip is told every kind of wheel that runs here, the newest first', () => {
  const platforms = wheelPlatforms(linux)
  assert.equal(platforms.slice(0, 2), ['manylinux_2_28_x86_64', 'manylinux_2_27_x86_64'])
  assert.equal(platforms.slice(-4), [
    'manylinux_2_5_x86_64',
    'manylinux2014_x86_64',
    'manylinux2010_x86_64',
    'manylinux1_x86_64',
  ])
  assert.is(platforms.length, 24 + 3)
})

test('room is asked of the nearest folder that exists', async () => {
  const asked: string[] = []
  const folder = temporaryFolder()
  const host = {
    ...linux,
    freeBytes: async (where: string) => {
      asked.push(where)
      return 2.5e9
    },
  }
  await checkRoom(`${folder}/not/yet`, 2.5e9, host)
  assert.equal(asked, [folder])
  await rejects(
    checkRoom(folder, 3e9, host),
    /^disk: expected 3\.0 GB free for .*, got 2\.5 GB; make room, or set XDG_CACHE_HOME/,
  )
})

test('this machine answers', async () => {
  const {platform, freeBytes} = thisHost()
  assert.is(platform, process.platform)
  assert.ok((await freeBytes(temporaryFolder())) > 0)
})

test.run()
