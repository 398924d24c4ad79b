import {copyFileSync, existsSync, readFileSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {bundleForBrowser} from './support/browser/bundle.js'
import {inBrowser} from './support/browser/in-browser.js'
import {openPage} from './support/browser/open-page.js'
import type {Watched} from './support/browser/watch-training.js'
import {temporaryFolder} from './support/folder.js'
import {execute, packProject, tool, typeErrors, unpackedConsumer} from './support/packed.js'

const folder = temporaryFolder()
const tarball = packProject(folder)
const consumer = unpackedConsumer(folder, tarball)
const unpacked = join(consumer, 'node_modules/tfjs-linear-regions')
copyFileSync('test/support/fixtures/consumer.ts', join(consumer, 'consumer.ts'))

const locked = suite('the lock file')

interface Locked {
  readonly resolved?: string
  readonly optionalDependencies?: Record<string, string>
}

locked('names every platform package, or npm ci stops, and no registry', () => {
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'))
  const packages = Object.entries<Locked>(lock.packages)
  for (const [path, {resolved, optionalDependencies = {}}] of packages) {
    assert.is(resolved, undefined, path)
    const missing = Object.keys(optionalDependencies).filter(
      (name) =>
        !lock.packages[`node_modules/${name}`] && !lock.packages[`${path}/node_modules/${name}`],
    )
    assert.equal(missing, [], path)
  }
})

locked.run()

const tarballed = suite('the tarball')

tarballed('holds what is run and read, and no tests', () => {
  const files = execute('tar', ['-tzf', tarball], folder).trim().split('\n')
  const folders = new Set(files.map((file) => file.split('/').slice(1, 2).join('/')))
  const expected =
    'CHANGELOG.md CONTRIBUTING.md LICENSE README.md data dist docs package.json scripts'.split(' ')
  assert.equal([...folders].sort(), expected)
  assert.equal(
    files.filter((file) => file.startsWith('package/scripts/')),
    ['package/scripts/bench/pytorch/compare.py'],
  )
  assert.not.ok(files.some((file) => /\/test\/|\.test\./.test(file)))
})

tarballed('holds all that its pages link to, but the picture of a megabyte', () => {
  const files = execute('tar', ['-tzf', tarball], folder).trim().split('\n')
  const pages = files.filter((file) => /^package\/(\w+|docs\/[\w-]+)\.md$/.test(file))
  assert.ok(pages.length > 10)
  const missing = pages.flatMap((page) => {
    const text = readFileSync(join(unpacked, page.replace('package/', '')), 'utf8')
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, link]) => link!)
    return links.map((link) => join(dirname(page), link)).filter((path) => !files.includes(path))
  })
  assert.equal(missing, ['package/docs/images/findings/slice.svg'])
})

tarballed('has exports that publint finds nothing wrong with', () => {
  execute(tool('publint'), ['run', tarball, '--strict'], folder)
})

tarballed.run()

const types = suite('the types')

for (const [module, moduleResolution] of [
  ['nodenext', 'nodenext'],
  ['esnext', 'bundler'],
] as const) {
  types(`satisfy a consumer under ${moduleResolution} resolution`, () => {
    const compilerOptions = {
      module,
      moduleResolution,
      target: 'es2023',
      lib: ['es2023', 'dom'],
      types: [],
      strict: true,
      exactOptionalPropertyTypes: true,
      // tfjs's own types do not pass, so that its errors are left out below
      skipLibCheck: false,
      outDir: 'compiled',
    }
    const config = JSON.stringify({compilerOptions, files: ['consumer.ts']})
    writeFileSync(join(consumer, 'tsconfig.json'), config)
    assert.equal(typeErrors(consumer), [])
    assert.ok(existsSync(join(consumer, 'compiled/consumer.js')))
  })
}

types.run()

const running = suite('in another project')

running('the entries work together', () => {
  const {points, rows, snapshot, measurements, same} = JSON.parse(
    execute(process.execPath, ['compiled/consumer.js'], consumer).trim().split('\n').at(-1)!,
  )
  assert.equal(points, [32, 256, 32])
  assert.ok(rows > 0)
  assert.equal(snapshot, ['complete', 9, 'trigger'])
  assert.equal(measurements, [32, 2])
  assert.equal(same, [true, true])
})

running('the bin says what it can do', () => {
  const {bin} = JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8'))
  const file = join(unpacked, bin['linear-regions'])
  assert.match(readFileSync(file, 'utf8'), /^#!\/usr\/bin\/env node\n/)
  assert.match(execute(process.execPath, [file, '--help'], consumer), 'reproduce')
})

running.run()

const browser = suite('in a browser')

const {exports: entries} = JSON.parse(readFileSync('package.json', 'utf8'))
for (const entry of Object.keys(entries).filter((name) => !name.endsWith('.json'))) {
  browser(`${entry} can be bundled, without anything of Node`, async () => {
    const name = `entry-${entry.replaceAll(/\W/g, '')}.js`
    const specifier = entry.replace('.', 'tfjs-linear-regions')
    writeFileSync(
      join(consumer, name),
      `import * as all from '${specifier}'\nglobalThis.all = all\n`,
    )
    const {script} = await bundleForBrowser(join(consumer, name))
    assert.not.match(script, /\brequire\("(?:node:)?(?:fs|path|os)"\)/)
  })
}

inBrowser(browser, 'a page watches a training, with a log of its own', async (program) => {
  const page = join(consumer, 'page.ts')
  copyFileSync('test/support/browser/watch-training.ts', page)
  const {script} = await bundleForBrowser(page)
  const found = await openPage(program, {
    script,
    question: {seed: 1},
    folder: temporaryFolder(),
    limit: 90,
  })
  const {steps, statuses, logged, measured, refused, isSame} = found as Watched
  assert.equal(steps, [0, 2, 4])
  assert.equal(statuses, ['complete', 'complete', 'complete'])
  assert.is(logged.length, 10)
  assert.equal(logged, measured)
  assert.match(refused, 'database: a browser cannot open "runs.db"; give the monitor a log')
  assert.ok(isSame)
})

browser.run()
