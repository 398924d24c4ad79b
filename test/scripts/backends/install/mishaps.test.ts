import {existsSync, readdirSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {setTimeout as wait} from 'node:timers/promises'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {rejects} from '../../../support/rejects.js'
import {enterWorkshop, host, install, type Mishaps, type Workshop} from './fake-tools.js'

const test = suite('backends install where something is wrong')
let workshop: Workshop | undefined
test.after.each(() => {
  workshop?.leave()
  workshop = undefined
})

const mishaps: [what: string, mishap: Mishaps | string, message: RegExp][] = [
  [
    'no Python',
    'python3',
    /^python3: expected Python 3 on the PATH.*apt-get install python3 python3-pip/,
  ],
  ['no make', 'make', /^make: expected make on the PATH.*apt-get install build-essential/],
  [
    'no compiler',
    'g++',
    /^g\+\+, c\+\+, clang\+\+: expected a C\+\+ compiler on the PATH.*build-essential/,
  ],
  ['no npm', 'npm', /^npm: expected it on the PATH/],
  [
    'no pip',
    {FAKE_PIP: 'absent'},
    /^pip: expected .* got ".*No module named pip"; install it \(Debian/,
  ],
  [
    'no network',
    {FAKE_PIP: 'unreachable'},
    /^pip: the package index could not be reached for tensorflow-cpu==2\.21\.0: .*Max retries exceeded; pip's own settings apply .*nothing half-done was kept: run this again$/,
  ],
  [
    'a disk that fills',
    {FAKE_PIP: 'full'},
    /^disk: no room left while tensorflow-cpu==2\.21\.0 was fetched; make room/,
  ],
  [
    'no such version',
    {FAKE_PIP: 'no such version'},
    /^pip: expected a wheel of tensorflow-cpu==2\.21\.0 .* there are 2\.15\.0, 2\.21\.0$/,
  ],
  [
    'a wheel without the library',
    {FAKE_PIP: 'old wheel'},
    /^tensorflow: expected a version whose wheel holds libtensorflow_cc\.so\.2, got 2\.21\.0; 2\.15\.0 and 2\.21\.0/,
  ],
  [
    'npm that adds nothing',
    {FAKE_NPM: 'adds nothing'},
    /^npm: expected to add @tensorflow\/tfjs-node@.* got "code ENOTFOUND"; `npm install /,
  ],
  [
    'a compiler that fails',
    {FAKE_NPM: 'compiler fails'},
    /^build: binding\/utils\.h:27:10: fatal error: .*; .*build\.log has the rest$/,
  ],
  [
    'no headers of Node',
    {FAKE_NPM: 'no headers'},
    /^build: the headers of Node .* could not be fetched;.* npm_config_nodedir/,
  ],
  [
    'an addon that crashes',
    {FAKE_NPM: 'builds what crashes'},
    /^install: everything was built, but it does not work: was ended by SIGILL/,
  ],
]
for (const [what, mishap, message] of mishaps) {
  test(`${what} is said, with what to do`, async () => {
    workshop = enterWorkshop(typeof mishap === 'string' ? {} : mishap)
    if (typeof mishap === 'string') workshop.without(mishap)
    await rejects(install(), message)
    // What is in the cache folder is whole.
    const kept = existsSync(workshop.cache) ? readdirSync(workshop.cache) : []
    const fetched = typeof mishap !== 'string' && mishap.FAKE_NPM !== undefined
    assert.equal(kept, fetched ? ['tensorflow-cpu-2.21.0'] : [])
  })
}

test('too little room is said before anything is downloaded', async () => {
  workshop = enterWorkshop()
  const small = {...host, freeBytes: async () => 1e9}
  await rejects(install({host: small}), /^disk: expected 1\.3 GB free for .*, got 1\.0 GB;/)
  await rejects(install({gpu: true, host: small}), /^disk: expected 6\.5 GB free/)
  await rejects(install({host: {...host, platform: 'darwin'}}), /^platform: expected linux x64/)
  assert.not.ok(existsSync(workshop.cache))
})

test('an interrupted download leaves nothing that could be taken for whole', async () => {
  workshop = enterWorkshop({FAKE_PIP: 'hangs'})
  const {cache} = workshop
  const interruption = new AbortController()
  const installing = install({signal: interruption.signal})
  const halfThere = () =>
    existsSync(cache) &&
    readdirSync(cache, {recursive: true}).some((name) => String(name).endsWith('.whl'))
  const failed = installing.catch(() => true)
  while (!halfThere() && !(await Promise.race([failed, wait(20)])));
  interruption.abort(new Error('interrupted'))
  await rejects(installing, /^interrupted$/)
  assert.equal(readdirSync(cache), [])
  assert.equal(readdirSync(dirname(cache)), ['tfjs-linear-regions'])
})

test('projects that npm does not look after are left alone', async () => {
  workshop = enterWorkshop()
  writeFileSync(join(workshop.project, 'pnpm-lock.yaml'), '')
  await rejects(
    install(),
    /another package manager does; run `pnpm add --save-optional --ignore-scripts @tensorflow\/tfjs-node@.*`, then this again$/,
  )
  process.chdir('/')
  await rejects(install(), /^project: expected a package\.json in \/ or above it, got none/)
})

test.run()
